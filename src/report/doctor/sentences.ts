import type { Facts } from '../../doctor/diagnosis.ts'
import type { Counted } from '../../language/doctor-words.ts'
import { fill, fillWith } from '../../language/template.ts'
import { joinPhrases, lined, type Phrase, type Shown } from '../phrase.ts'

/** A sentence whose placeholders stand for data of the database. */
export function factsPhrase(template: string, facts: Facts): Phrase {
  return fill(template, facts).map((part) => (typeof part === 'string' ? part : lined(part.data)))
}

/** A sentence of ours around data that is marked already, other phrases, and numbers. */
export function sentence(
  template: string,
  values: Readonly<Record<string, Phrase | Shown | number>>,
): Phrase {
  return fillWith(template, values).flatMap((part) => (typeof part === 'number' ? `${part}` : part))
}

export function counted(words: Counted, count: number): Phrase {
  return sentence(count === 1 ? words.one : words.many, { count })
}

/** Items with commas between them; those beyond the limit are counted by `more`. */
export function listed(items: readonly Phrase[], limit: number, more: string): Phrase {
  const rest = items.length - limit
  const shown = items.slice(0, limit)
  return joinPhrases(rest > 0 ? [...shown, sentence(more, { count: rest })] : shown, ', ')
}
