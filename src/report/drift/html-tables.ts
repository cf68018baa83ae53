import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { ComparisonWay, DriftReport, TableFacts } from '../../diff/drift-report.ts'
import { escapeText } from '../escape.ts'
import { amount, data } from './html-elements.ts'
import { counted } from './phrase.ts'

/** Which tables were compared, whether wholly, and what was left out. */
export function tableList(report: DriftReport): Element {
  const { tables, notCompared } = report
  return h('section.tables', { ariaLabelledBy: ['tables-title'] }, [
    h('h2#tables-title', 'Tables'),
    tables.length === 0 ? h('p.note', 'No table was compared.') : table(report),
    notCompared.length === 0 ? null : leftOut(notCompared),
  ])
}

function table({ from, to, tables, findings }: DriftReport): Element {
  const found = new Map<string, number>()
  for (const { table } of findings) found.set(table, (found.get(table) ?? 0) + 1)
  const heads = [
    'Table',
    'Status',
    [data(from.name), ' rows'],
    [data(to.name), ' rows'],
    'Findings',
    'Compared by',
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
      tables.map((facts) => row(facts, [from.name, to.name], found.get(facts.table) ?? 0)),
    ),
  ])
}

const COLUMN = { scope: 'col', role: 'columnheader' } as const

function row(facts: TableFacts, sides: readonly [string, string], found: number): Element {
  const unlisted =
    facts.unlisted === 0 ? null : h('small', `${amount(facts.unlisted)} of customers, not listed`)
  return h('tr', { role: 'row', className: [facts.status] }, [
    h('th', { scope: 'row', role: 'rowheader' }, data(facts.table)),
    cell('Status', statusOf(facts)),
    cell(sides[0], [rowCount(facts.from)], ['number']),
    cell(sides[1], [rowCount(facts.to), unlisted], ['number']),
    cell('Findings', [amount(found)], ['number']),
    cell('Compared by', [wayOf(facts.way)], ['way']),
  ])
}

type Content = ElementContent | string | null

function cell(label: string, content: readonly Content[], className: string[] = []): Element {
  const properties = { role: 'cell', className, dataLabel: escapeText(label) }
  return h('td', properties, h('div', [...content]))
}

function statusOf({ status, reason }: TableFacts): Content[] {
  return [
    h('span.status', { className: [status] }, status),
    reason === null ? null : h('small', data(reason)),
  ]
}

function rowCount(rows: number | null): Content {
  return rows === null ? h('span.nothing', 'not read') : amount(rows)
}

function wayOf(way: ComparisonWay | null): Content {
  if (way === null) return h('span.nothing', 'not compared')
  const cost = [
    bytes(way.bytes),
    counted(way.scans, 'scan'),
    counted(way.roundTrips, 'round trip'),
    `${amount(Math.round(way.milliseconds))} ms`,
  ]
  return h('span', `${way.algorithm} (`, data(way.reason), `): ${cost.join(', ')}`)
}

function bytes(count: number): string {
  if (count < 1024) return counted(count, 'byte')
  const units = ['KiB', 'MiB', 'GiB']
  const power = Math.min(Math.floor(Math.log2(count) / 10), units.length)
  return `${(count / 1024 ** power).toFixed(1)} ${units[power - 1]}`
}

function leftOut(names: readonly string[]): Element {
  return h('p.note', [
    'Not compared, because they are none of the gateway’s: ',
    names.map((name, index) => [index === 0 ? '' : ', ', data(name)]).flat(),
    '.',
  ])
}
