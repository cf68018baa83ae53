import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Facts, Finding } from '../../doctor/diagnosis.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { Counted } from '../../language/doctor-words.ts'
import { DOCTOR_PAGE as ENGLISH, type DoctorPageWords } from '../../language/en/doctor-page.ts'
import type { Language } from '../../language/language.ts'
import { fill } from '../../language/template.ts'
import { DOCTOR_PAGE as CHINESE } from '../../language/zh-CN/doctor-page.ts'
import { amount, data } from '../drift/html-elements.ts'
import { escapeText } from '../escape.ts'

const WORDS: Readonly<Record<Language, DoctorPageWords>> = { en: ENGLISH, 'zh-CN': CHINESE }

/** What all parts of the page speak with, and what they refer to. */
export interface PageContext {
  readonly words: DoctorPageWords
  readonly texts: DoctorTexts
  readonly findings: readonly Finding[]
}

export function wordsOf(language: Language): DoctorPageWords {
  return WORDS[language]
}

/** A text of ours with data in it, each piece of data as an element of its own. */
export function filled(template: string, facts: Facts): (Element | string)[] {
  return fill(template, facts).map((part) => (typeof part === 'string' ? part : data(part.data)))
}

/** The same as the value of an attribute. */
export function filledPlain(template: string, facts: Facts): string {
  const parts = fill(template, facts)
  return parts.map((part) => (typeof part === 'string' ? part : escapeText(part.data))).join('')
}

/** `1 channel`, `2 channels` */
export function countedText({ one, many }: Counted, count: number): string {
  return filledPlain(count === 1 ? one : many, { count: amount(count) })
}

/** A value of a column; NULL and the empty text cannot be taken for data. */
export function cellValue(value: string | null, { words }: PageContext): Element {
  if (value === null) return h('span.nothing', 'NULL')
  return value === '' ? h('span.nothing', words.emptyText) : h('bdi.value', escapeText(value))
}
