import { hideSecrets } from '../gateway/secret-scan.ts'
import type { CellFinding, FindingClass } from './finding.ts'

/** What was found, in one sentence; the sides are named as people call them. */

export interface SideNames {
  readonly from: string
  readonly to: string
}

interface Place {
  readonly table: string
  readonly key: readonly string[]
}

/** The abilities of one channel of one side, counted against their derivation. */
export interface StaleAbilities {
  /** The channel's natural key for people. */
  readonly key: readonly string[]
  readonly side: 'from' | 'to'
  /** No channel has the id that they name. */
  readonly isOrphan: boolean
  readonly insert: number
  readonly update: number
  readonly remove: number
}

const NAMED_CELLS = 3

export function changed(
  names: SideNames,
  { table, key, cells, worst }: Place & { cells: readonly CellFinding[]; worst: FindingClass },
): string {
  const said = cells.filter((cell) => cell.class === worst)
  const isMisread = said.every(({ difference }) => difference === 'formatting')
  const what = isMisread ? misread(said.length) : whatHappened(worst, said.length, names)
  const rest = cells.length - said.length
  const more = rest === 0 ? '' : `; ${count(rest, 'other cell')} too`
  return `${rowLabel(table, key)}: ${cellNames(said)} ${what}${more}`
}

function misread(cells: number): string {
  return `${cells === 1 ? 'is' : 'are'} written so that the gateway reads other elements`
}

function whatHappened(worst: FindingClass, cells: number, { to }: SideNames): string {
  const [was, is] = cells === 1 ? ['was', 'is'] : ['were', 'are']
  if (worst === 'conflict') return `${was} changed on both sides, differently`
  if (worst === 'drift') return `${was} changed in ${to}`
  if (worst === 'pending') return `${is} not yet in ${to} as declared`
  return cells === 1 ? 'differs' : 'differ'
}

export function oneSided(
  { from, to }: SideNames,
  row: Place & { readonly side: 'from' | 'to'; readonly worst: FindingClass },
): string {
  const label = rowLabel(row.table, row.key)
  if (row.side === 'from') {
    return row.worst === 'drift'
      ? `${label}: was deleted in ${to}`
      : `${label}: is in ${from} and not in ${to}`
  }
  return row.worst === 'pending'
    ? `${label}: was removed in ${from} and is still in ${to}`
    : `${label}: is only in ${to}`
}

export function duplicate(
  names: SideNames,
  row: Place & { readonly side: 'from' | 'to'; readonly rows: number; readonly others: number },
): string {
  const other = names[row.side === 'from' ? 'to' : 'from']
  const unpaired =
    row.others === 0 ? '' : `, so that ${count(row.others, 'row')} of ${other} cannot be compared`
  const label = rowLabel(row.table, row.key)
  return `${label}: ${count(row.rows, 'row')} of ${names[row.side]} share this key${unpaired}`
}

export function abilities(names: SideNames, stale: StaleAbilities): string {
  const label = rowLabel('channels', stale.key)
  if (stale.isOrphan) {
    return `abilities of a channel that ${names[stale.side]} does not have: ${label}`
  }
  const counts = [
    [stale.insert, 'missing'],
    [stale.update, 'wrong'],
    [stale.remove, 'too many'],
  ] as const
  const said = counts.filter(([rows]) => rows > 0).map(([rows, what]) => `${rows} ${what}`)
  return `${label}: its abilities in ${names[stale.side]} are not what the gateway derives from it (${said.join(', ')})`
}

/** A row by its natural key: `channels "a name" (type 1)`; a control character is escaped. */
export function rowLabel(table: string, key: readonly string[]): string {
  const [name = '', type, ...rest] = key.map((text) => hideSecrets(text))
  if (table === 'channels' && type !== undefined && rest.length === 0) {
    return `channels ${JSON.stringify(name)} (type ${type})`
  }
  return [table, key.map((part) => JSON.stringify(hideSecrets(part))).join(', ')].join(' ').trim()
}

/** `priority, ModelPrice.runway and 2 more`. */
function cellNames(cells: readonly CellFinding[]): string {
  const names = cells.map(({ column, path }) => (path === null ? column : `${column}.${path}`))
  const more = names.length - NAMED_CELLS
  const shown = names.slice(0, NAMED_CELLS).join(', ')
  return more > 0 ? `${shown} and ${more} more` : shown
}

function count(rows: number, noun: string): string {
  return `${rows} ${noun}${rows === 1 ? '' : 's'}`
}
