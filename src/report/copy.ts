import type { Finding } from '../diff/finding.ts'
import { escapeText, shorten } from './escape.ts'
import { renderTable, type TableOptions } from './table.ts'

/** One value, row or table that keeps a gateway from being copied. */
export interface ProblemFacts {
  readonly table: string
  readonly row: string | null
  readonly column: string | null
  readonly problem: string
}

export interface ProblemList {
  readonly total: number
  /** The first ones. */
  readonly listed: readonly ProblemFacts[]
}

export interface CopyFacts {
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  /** Tables that a running gateway writes. */
  readonly notCopied: readonly string[]
}

export interface CopyVerdictFacts {
  readonly status: 'clean' | 'different' | 'incomplete'
  readonly findings: readonly Finding[]
  readonly incomplete: readonly { readonly table: string; readonly reason: string }[]
  readonly remarks: readonly Finding[]
}

const ROW_LENGTH = 60
const MOST_FINDINGS = 20

/** Which rows do not fit, and why; never a value. */
export function renderProblems({ total, listed }: ProblemList, options: TableOptions): string {
  const rows = listed.map(({ table, row, column, problem }) => [
    escapeText(table),
    shorten(row ?? '', ROW_LENGTH),
    escapeText(column ?? ''),
    escapeText(problem),
  ])
  const more = total > listed.length ? [`and ${total - listed.length} more`] : []
  return [renderTable(['table', 'row', 'column', 'problem'], rows, options), ...more].join('\n')
}

/** How many rows of which table. */
export function renderTables({ tables, notCopied }: CopyFacts, options: TableOptions): string {
  const rows = tables.map(({ table, rows: count }) => [escapeText(table), String(count)])
  const left = notCopied.map(escapeText).join(', ')
  return [
    renderTable(['table', 'rows'], rows, options),
    ...(left === '' ? [] : [`not copied, because a running gateway writes them: ${left}`]),
  ].join('\n')
}

/** What a comparison after the copy found. */
export function renderVerdict({ status, findings, incomplete, remarks }: CopyVerdictFacts): string {
  const unread = incomplete.map(
    ({ table, reason }) => `  ${escapeText(table)} was not compared: ${escapeText(reason)}`,
  )
  return [
    `drift: ${status}`,
    ...unread,
    ...messages(findings, ''),
    ...messages(remarks, 'as in the source, or made by the start of the gateway: '),
  ].join('\n')
}

function messages(findings: readonly Finding[], lead: string): string[] {
  const lines = findings
    .slice(0, MOST_FINDINGS)
    .map(({ message }) => `  ${lead}${escapeText(message)}`)
  const more = findings.length - lines.length
  return more > 0 ? [...lines, `  and ${more} more`] : lines
}
