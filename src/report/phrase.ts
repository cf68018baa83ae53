import { quote, shorten } from './escape.ts'

/** Characters of one value that reports for people show. */
const VALUE_LIMIT = 200

/** Characters of a sentence or a command, which are there to be read or copied as a whole. */
const LINE_LIMIT = 1_000

/** Data, escaped, cut and with its quotes, as a report shows it. */
export interface Shown {
  readonly shown: string
}

/** A sentence of ours with data in it; a renderer decides how it marks what is data. */
export type Phrase = readonly (string | Shown)[]

/** Something that has a name: a table, a side, a column. */
export function named(data: string): Shown {
  return { shown: data === '' ? '""' : shorten(data, VALUE_LIMIT) }
}

/** A value in quotes, so that the text `NULL` is not taken for NULL. */
export function valued(data: string | null): Shown {
  return { shown: data === null ? 'NULL' : quote(data, VALUE_LIMIT) }
}

/** A message or a command. */
export function lined(data: string): Shown {
  return { shown: data === '' ? '""' : shorten(data, LINE_LIMIT) }
}

/** The phrase as one line of text without control characters. */
export function plainText(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === 'string' ? part : part.shown)).join('')
}

/** Phrases in one, with `separator` between them. */
export function joinPhrases(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((phrase, index) => (index === 0 ? phrase : [separator, ...phrase]))
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
