import type { Element } from 'hast'
import { h } from 'hastscript'
import type { CellFinding, ShownValue } from '../../diff/finding.ts'
import type { DriftPageTexts } from '../../language/drift-texts.ts'
import { escapeText } from '../escape.ts'
import { differingSpans, type Span } from './html-marks.ts'

/** A value with parts of it marked; NULL and the empty text cannot be taken for data. */
export function shownValue(
  value: ShownValue,
  { findings }: DriftPageTexts,
  marked: readonly Span[] = [],
): Element {
  if (value === null) return h('span.nothing', 'NULL')
  if (value === '') return h('span.nothing', findings.empty)
  const text = escapeText(value)
  const parts: (Element | string)[] = []
  let end = 0
  for (const span of marked) {
    parts.push(text.slice(end, span.start), h('mark', text.slice(span.start, span.end)))
    end = span.end
  }
  parts.push(text.slice(end))
  return h('bdi.value', ...parts.filter((part) => part !== ''))
}

/** What to mark in each side's value; of a list the members say it better. */
export function markedParts(cell: CellFinding): { from: Span[]; to: Span[] } {
  const { from, to, secret, added, removed } = cell
  if (secret || !from || !to || added.length + removed.length > 0) return { from: [], to: [] }
  const [left, right] = [escapeText(from), escapeText(to)]
  if (cell.difference === 'formatting') return { from: padding(left), to: padding(right) }
  return differingSpans(left, right)
}

/** Spaces, and commas that separate nothing: what the gateway does not trim. */
function padding(text: string): Span[] {
  const found = text.matchAll(/^[\s,]+|[\s,]+$|\s+/gu)
  return Array.from(found, ({ index, 0: match }) => ({ start: index, end: index + match.length }))
}
