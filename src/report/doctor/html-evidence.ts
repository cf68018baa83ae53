import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Evidence, Finding } from '../../doctor/diagnosis.ts'
import { escapeText } from '../escape.ts'
import { code, data } from '../drift/html-elements.ts'
import { cellValue, filled, type PageContext } from './html-words.ts'

/** The rows that prove a finding, by table. */
export function evidenceTables(finding: Finding, context: PageContext): Element[] {
  const { evidence, rows } = finding
  const { texts } = context
  const tables = [...Map.groupBy(evidence, ({ table }) => table)].map(([table, ofTable]) =>
    evidenceTable(table, ofTable, context),
  )
  const facts = { rows: String(rows), shown: String(evidence.length) }
  return rows > evidence.length
    ? [...tables, h('p.note', filled(texts.ui.finding.moreRows, facts))]
    : tables
}

function evidenceTable(table: string, rows: readonly Evidence[], context: PageContext): Element {
  const columns = [...new Set(rows.flatMap(({ cells }) => cells.map(({ column }) => column)))]
  return h('div.evidence', { tabIndex: 0, role: 'group', ariaLabel: escapeText(table) }, [
    h('table', [
      h('caption', [context.words.evidenceRows, ' ', code(table)]),
      h('thead', h('tr', [h('td'), columns.map((name) => head(code(name)))])),
      h(
        'tbody',
        rows.map((row) => evidenceRow(row, columns, context)),
      ),
    ]),
  ])
}

function head(content: Element | string): Element {
  return h('th', { scope: 'col' }, content)
}

function evidenceRow(
  { row, label, cells }: Evidence,
  columns: readonly string[],
  context: PageContext,
): Element {
  const values = new Map(cells.map(({ column, value }) => [column, value]))
  return h('tr', [
    h('th', { scope: 'row' }, [data(row), label === null ? null : h('small', [' ', data(label)])]),
    columns.map((name) => {
      const value = values.get(name)
      return h('td', value === undefined ? [] : cellValue(value, context))
    }),
  ])
}
