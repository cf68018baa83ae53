import { hideSecrets } from '../gateway/secret-scan.ts'
import type { JudgedCell } from './decide.ts'
import type { SyncWorld } from './world.ts'

/** Why a row, or a part of it, is not written, and what to do. */

type Sides = Pick<SyncWorld, 'command' | 'from' | 'to'>

export function changedThere(sides: Sides, cells: readonly JudgedCell[], id: string): string {
  return `${namesOf(cells)} changed in ${sides.to} since both agreed: ${choices(sides, id)}`
}

export function changedOnBoth(sides: Sides, cells: readonly JudgedCell[], id: string): string {
  return `${namesOf(cells)} changed in ${sides.from.name} and in ${sides.to} since both agreed: ${choices(sides, id)}`
}

export function deletedThere(sides: Sides, id: string): string {
  return `it was deleted in ${sides.to} since both agreed: ${choices(sides, id)}`
}

export function membersThere({ to }: Sides, cells: readonly JudgedCell[], id: string): string {
  return `only ${to} has ${namesOf(cells)}: remove it with --overwrite or --select ${id}`
}

export function changedBeforeDelete({ from, to }: Sides, id: string): string {
  return `it was deleted in ${from.name} and changed in ${to} since both agreed: look at it, then delete it with --select ${id}`
}

export function extraThere({ to }: Sides, isOwned: boolean, id: string): string {
  return isOwned
    ? `only ${to} has it: delete it with --delete or --select ${id}`
    : `only ${to} has it, and tidegate did not make it: it is kept`
}

export function repeated({ from, to }: Sides, side: 'from' | 'to' | null, rows: number): string {
  const name = side === 'from' ? from.name : to
  return `${rows} rows of ${name} share this key, so that none of them can be told: rename or delete all but one`
}

export function unresolved({ to }: Sides, table: string, name: string): string {
  return `it belongs to ${JSON.stringify(hideSecrets(name))} of ${table}, which ${to} does not have exactly once`
}

export function masked({ command, from }: Sides): string {
  const why =
    command === 'pull' ? `which stays in ${from.name}` : 'which the snapshot does not hold'
  return `a value of it holds something that looks like a secret, ${why}`
}

export function unmade({ to }: Sides, table: string): string {
  return `nobody but its owner knows how a row of ${table} is made: make it in ${to}, then its cells are written`
}

export function keyless({ from }: Sides): string {
  return `${from.name} has no key for it: say where it is with --secret`
}

const APART = {
  secret: 'its value is a secret, which is never written: set it in the admin page',
  environment: 'it belongs to one installation: set it in the admin page',
} as const

export function setApart(kind: keyof typeof APART): string {
  return APART[kind]
}

function choices({ command, from }: Sides, id: string): string {
  return command === 'push'
    ? `pull first, or write it all the same with --overwrite or --select ${id}`
    : `it is kept; push it, or take that of ${from.name} with --overwrite or --select ${id}`
}

function namesOf(cells: readonly JudgedCell[]): string {
  const names = cells.map(({ difference: { column, path } }) =>
    path === null ? column : `${column}.${hideSecrets(path)}`,
  )
  const all = [...new Set(names)]
  return all.length > 5
    ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} more`
    : all.join(', ')
}
