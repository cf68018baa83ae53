import { hideSecrets } from '../gateway/secret-scan.ts'
import { lined, named, valued } from './phrase.ts'
import { renderTable, type TableOptions } from './table.ts'

/** A row that is no longer what a plan saw. */
export interface StaleRowFacts {
  readonly table: string
  /** Natural key for people. */
  readonly key: readonly string[]
  readonly problem: 'gone' | 'exists' | 'changed'
  readonly cells: readonly {
    readonly column: string
    readonly planned: string | null
    readonly now: string | null
  }[]
}

export interface StaleFacts {
  readonly message: string
  readonly nextStep: string | null
  readonly rows: readonly StaleRowFacts[]
  /** Also those that are not listed. */
  readonly count: number
}

const HEAD = ['table', 'row', 'column', 'planned', 'now']

/** What moved, cell by cell; every value is escaped. */
export function renderStale(stale: StaleFacts, options: TableOptions): string {
  const { message, nextStep, rows, count } = stale
  const more = count - rows.length
  return [
    lined(message).shown,
    ...(rows.length === 0 ? [] : ['', renderTable(HEAD, rows.flatMap(lines), options)]),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(nextStep === null ? [] : ['', `next: ${lined(nextStep).shown}`]),
  ].join('\n')
}

function lines({ table, key, problem, cells }: StaleRowFacts): string[][] {
  const place = [named(table).shown, key.map(hidden).join(' ')]
  if (problem !== 'changed') {
    const words = problem === 'gone' ? ['there', 'gone'] : ['not there', 'there']
    return [[...place, '', ...words]]
  }
  if (cells.length === 0) return [[...place, '', '', 'changed']]
  return cells.map(({ column, planned, now }, index) => [
    ...(index === 0 ? place : ['', '']),
    named(column).shown,
    hidden(planned),
    hidden(now),
  ])
}

function hidden(value: string | null): string {
  return valued(value === null ? null : hideSecrets(value)).shown
}
