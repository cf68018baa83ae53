import type { DriftReport, TableFacts } from '../../diff/drift-report.ts'
import { FINDING_CLASSES } from '../../diff/finding.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { shorten } from '../escape.ts'
import { renderTable } from '../table.ts'
import { named, plainText } from '../phrase.ts'
import { classCounts } from './sections.ts'
import { statusPhrase } from './show.ts'
import type { TextLine } from './text-lines.ts'
import { countClasses } from './verdict.ts'

/** Columns that a terminal needs for the table; below, each table is a line. */
const TABLE_WIDTH = 72

/** Characters of a table's or a side's name in the table; PostgreSQL's names have no more. */
const NAME_LIMIT = 63

/** The table of tables: rows of both sides, status, findings. */
export function tableLines(
  report: DriftReport,
  width: number,
  texts: DriftReportTexts,
): TextLine[] {
  const { tables, findings, from, to } = report
  if (tables.length === 0) return []
  const found = Map.groupBy(findings, ({ table }) => table)
  const rows = tables.map((table) => tableRow(table, found.get(table.table) ?? [], texts))
  if (width < TABLE_WIDTH) {
    return rows.map(([table, fromRows, toRows, what]) => ({
      indent: 0,
      text: texts.text.rows(table, fromRows, toRows, what),
    }))
  }
  const [first, last] = texts.text.tableHeads
  const head = [first, shorten(from.name, 24), shorten(to.name, 24), last]
  return renderTable(head, rows, { width })
    .split('\n')
    .map((text) => ({ indent: 0, text, whole: true }))
}

function tableRow(
  table: TableFacts,
  findings: DriftReport['findings'],
  texts: DriftReportTexts,
): [string, string, string, string] {
  const classes = countClasses(classCounts(findings), FINDING_CLASSES, texts)
  const status = plainText(statusPhrase(table, texts))
  return [
    shorten(table.table, NAME_LIMIT),
    rowsOf(table.from),
    rowsOf(table.to),
    classes === '' ? status : `${status}${texts.colon}${classes}`,
  ]
}

function rowsOf(rows: number | null): string {
  return rows === null ? '-' : String(rows)
}

/** How each table was compared, for `--explain`. */
export function renderWays(
  { tables }: DriftReport,
  options: { readonly width: number; readonly language?: Language },
): string {
  const { noWay, wayHeads } = driftTexts(options.language ?? 'en').report.text
  const rows = tables.map(({ table, way }) =>
    way === null
      ? [shorten(table, NAME_LIMIT), '-', '', '', '', '', noWay]
      : [
          shorten(table, NAME_LIMIT),
          way.algorithm,
          `${way.milliseconds} ms`,
          `${way.bytes} B`,
          String(way.scans),
          String(way.roundTrips),
          named(way.reason).shown,
        ],
  )
  return renderTable(wayHeads, rows, options)
}
