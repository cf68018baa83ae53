import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { ComparisonWay, DriftReport, TableFacts } from '../../diff/drift-report.ts'
import type { DriftPageTexts, DriftTexts } from '../../language/drift-texts.ts'
import { escapeText } from '../escape.ts'
import { amount, data } from './html-elements.ts'

/** Which tables were compared, whether wholly, and what was left out. */
export function tableList(report: DriftReport, texts: DriftTexts): Element {
  const { title, none } = texts.page.tables
  const { tables, notCompared } = report
  return h('section.tables', { ariaLabelledBy: ['tables-title'] }, [
    h('h2#tables-title', title),
    tables.length === 0 ? h('p.note', none) : table(report, texts),
    notCompared.length === 0 ? null : leftOut(notCompared, texts),
  ])
}

function table({ from, to, tables, findings }: DriftReport, texts: DriftTexts): Element {
  const words = texts.page.tables
  const found = new Map<string, number>()
  for (const { table } of findings) found.set(table, (found.get(table) ?? 0) + 1)
  const heads = [
    words.table,
    words.status,
    [...words.rows(data(from.name))],
    [...words.rows(data(to.name))],
    words.findings,
    words.comparedBy,
  ]
  return h('table.cards', { role: 'table' }, [
    h(
      'thead',
      h(
        'tr',
        { role: 'row' },
        heads.map((head) => h('th', COLUMN, head)),
      ),
    ),
    h(
      'tbody',
      tables.map((facts) =>
        row(facts, { sides: [from.name, to.name], found: found.get(facts.table) ?? 0, texts }),
      ),
    ),
  ])
}

const COLUMN = { scope: 'col', role: 'columnheader' } as const

interface RowContext {
  readonly sides: readonly [string, string]
  /** Findings in the table. */
  readonly found: number
  readonly texts: DriftTexts
}

function row(facts: TableFacts, { sides, found, texts }: RowContext): Element {
  const words = texts.page.tables
  const unlisted = facts.unlisted === 0 ? null : h('small', words.unlisted(amount(facts.unlisted)))
  return h('tr', { role: 'row', className: [facts.status] }, [
    h('th', { scope: 'row', role: 'rowheader' }, data(facts.table)),
    cell(words.status, statusOf(facts, texts)),
    cell(sides[0], [rowCount(facts.from, words)], ['number']),
    cell(sides[1], [rowCount(facts.to, words), unlisted], ['number']),
    cell(words.findings, [amount(found)], ['number']),
    cell(words.comparedBy, [wayOf(facts.way, texts)], ['way']),
  ])
}

type Content = ElementContent | string | null

function cell(label: string, content: readonly Content[], className: string[] = []): Element {
  const properties = { role: 'cell', className, dataLabel: escapeText(label) }
  return h('td', properties, h('div', [...content]))
}

function statusOf({ status, reason }: TableFacts, { report }: DriftTexts): Content[] {
  return [
    h('span.status', { className: [status] }, report.statuses[status]),
    reason === null ? null : h('small', data(reason)),
  ]
}

function rowCount(rows: number | null, { notRead }: DriftPageTexts['tables']): Content {
  return rows === null ? h('span.nothing', notRead) : amount(rows)
}

function wayOf(way: ComparisonWay | null, { page, report }: DriftTexts): Content {
  const texts = page.tables
  if (way === null) return h('span.nothing', texts.notCompared)
  const { scans, roundTrips } = way
  const milliseconds = amount(Math.round(way.milliseconds))
  const cost = texts.cost({ bytes: bytes(way.bytes, texts), scans, roundTrips, milliseconds })
  const why = report.inParentheses([data(way.reason)])
  return h('span', [way.algorithm, ...why, `${report.colon}${cost}`])
}

function bytes(count: number, texts: DriftPageTexts['tables']): string {
  if (count < 1024) return texts.bytes(count)
  const units = ['KiB', 'MiB', 'GiB']
  const power = Math.min(Math.floor(Math.log2(count) / 10), units.length)
  return `${(count / 1024 ** power).toFixed(1)} ${units[power - 1]}`
}

function leftOut(names: readonly string[], { page, report }: DriftTexts): Element {
  const list = names.flatMap((name, index) => [index === 0 ? '' : report.comma, data(name)])
  return h('p.note', [...page.tables.leftOut(list)])
}
