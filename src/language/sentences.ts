/**
 * English templates with their translation. `{name}` stands for data; `<was|were>` for words of
 * which one is there.
 */
export type SentencePairs = readonly (readonly [english: string, translation: string])[]

/** Text, or the name of a place for data. */
type Part = string | { readonly name: string }

type Values = Readonly<Record<string, string>>

interface Rule {
  readonly english: readonly Part[]
  readonly translation: readonly Part[]
}

/** What a place of these names holds may be a sentence again. */
const NESTED: ReadonlySet<string> = new Set([
  'sentence',
  'cells',
  'counts',
  'limit',
  'version',
  'otherVersion',
  'why',
])

/** Deeper than any sentence of ours; data may look like one. */
const MAX_DEPTH = 6

/** Translates sentences that were made by templates in English. */
export class Translator {
  readonly #rules: readonly Rule[]

  constructor(pairs: SentencePairs) {
    this.#rules = pairs.flatMap(([english, translation]) =>
      variants(english).map((one) => ({ english: parse(one), translation: parse(translation) })),
    )
  }

  /** The sentence itself where no template fits; `known` are places whose data is known. */
  translate(sentence: string, known: Values = {}, depth = 0): string {
    if (depth > MAX_DEPTH) return sentence
    for (const { english, translation } of this.#rules) {
      const found = match(sentence, filled(english, known))
      if (found === null) continue
      const say = (name: string): string => {
        const data = found[name] ?? known[name] ?? ''
        return NESTED.has(name) ? this.translate(data, known, depth + 1) : data
      }
      return translation.map((part) => (typeof part === 'string' ? part : say(part.name))).join('')
    }
    return sentence
  }
}

function variants(template: string): string[] {
  const choice = /<([^>]*)>/.exec(template)
  if (choice === null) return [template]
  const words = choice[1]!.split('|')
  return words.flatMap((word) => variants(template.replace(choice[0], word)))
}

function parse(template: string): Part[] {
  return template
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : part))
}

/** With the known data in its places, and no two texts side by side. */
function filled(parts: readonly Part[], known: Values): Part[] {
  const merged: Part[] = []
  for (const part of parts) {
    const text = typeof part === 'string' ? part : known[part.name]
    const last = merged.at(-1)
    if (text === undefined) merged.push(part)
    else if (typeof last === 'string') merged[merged.length - 1] = last + text
    else merged.push(text)
  }
  return merged
}

/** From the end, so that what was added to a sentence is found before what looks like it. */
function match(sentence: string, parts: readonly Part[]): Values | null {
  const found: Record<string, string> = {}
  let end = sentence.length
  let open: string | null = null
  for (const [index, part] of [...parts.entries()].toReversed()) {
    if (typeof part !== 'string') {
      open = part.name
      continue
    }
    const start = startOf(part, sentence, { end, isLast: open === null, isFirst: index === 0 })
    if (start === -1) return null
    if (open !== null) found[open] = sentence.slice(start + part.length, end)
    open = null
    end = start
  }
  if (open !== null) found[open] = sentence.slice(0, end)
  return open === null && end !== 0 ? null : found
}

/** @returns -1 when the text is not there. */
function startOf(
  text: string,
  sentence: string,
  { end, isLast, isFirst }: { end: number; isLast: boolean; isFirst: boolean },
): number {
  const latest = end - text.length
  if (latest < 0) return -1
  if (isLast) return sentence.startsWith(text, latest) ? latest : -1
  if (isFirst) return sentence.startsWith(text) ? 0 : -1
  return sentence.lastIndexOf(text, latest)
}
