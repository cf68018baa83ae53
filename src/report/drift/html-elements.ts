import type { Element } from 'hast'
import { h } from 'hastscript'
import type { FindingClass, Severity } from '../../diff/finding.ts'
import type { DriftTexts } from '../../language/drift-texts.ts'
import { escapeText } from '../escape.ts'
import type { Phrase } from '../phrase.ts'

/**
 * Everything that comes from a database, a file or a command line enters the page through here: as
 * the text of one `bdi`, which keeps its direction of writing to itself.
 */
export function data(text: string): Element {
  return h('bdi', escapeText(text))
}

/** The same in a fixed-width font. */
export function code(text: string): Element {
  return h('code', data(text))
}

/** `1,234`; the same in every locale. */
export function amount(count: number): string {
  return count.toLocaleString('en-US')
}

/** A sentence, each piece of data in it as an element of its own. */
export function phraseContent(phrase: Phrase): (Element | string)[] {
  return phrase.map((part) => (typeof part === 'string' ? part : h('bdi', part.shown)))
}

/** `2026-11-22 20:00:00 UTC` of an ISO 8601 time in UTC. */
export function time(iso: string): Element {
  const shown = iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')
  return h('time', { dateTime: escapeText(iso) }, data(shown))
}

export function classChip(name: FindingClass, { page, report }: DriftTexts): Element {
  return h('span.chip', { title: page.meanings[name] }, report.classes[name])
}

export function severityChip(name: Severity, { report }: DriftTexts): Element {
  return h('span.chip.severity', { className: [name] }, report.severities[name])
}
