import type { CellChange, Change } from '../diff/change.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { isSecretOption } from '../gateway/secrets.ts'

/** What `deploy`, `seed` and `migrate` report; the shapes are those of `--json`. */

/** One cell that a plan writes. Values of secrets are never there, only that they differ. */
export interface CellFacts {
  readonly column: string
  readonly before: string | null
  readonly after: string | null
  readonly difference: 'different' | 'formatting'
  readonly secret: boolean
}

export interface RowFacts {
  readonly table: string
  readonly row: string
  /** What people call it: a channel's name, an option's key. */
  readonly label: string
  readonly id: string | null
  readonly outcome: 'created' | 'updated' | 'unchanged'
  readonly cells: readonly CellFacts[]
  /** Rows of `abilities` that change with it. */
  readonly abilities: { readonly insert: number; readonly update: number; readonly remove: number }
}

export interface SeedFacts {
  readonly name: string
  readonly description: string
  readonly state: 'applied' | 'changed' | 'never'
  /** The run that had last written it when the rows were read. */
  readonly lastRun: string | null
  readonly rows: readonly RowFacts[]
  readonly warnings: readonly string[]
}

const HIDDEN = '[secret]'

/** The cells of a row's changes, secrets replaced by a fixed word. */
export function cellFacts(changes: readonly Change[]): CellFacts[] {
  return changes.flatMap((change) =>
    change.kind === 'rebuild'
      ? []
      : change.cells.map((cell) => cellFactsOf(cell, cell.secret || isSecretRow(change))),
  )
}

function cellFactsOf(cell: CellChange, secret: boolean): CellFacts {
  const { column, before, after, difference } = cell
  const show = secret ? hide : column === 'base_url' ? hideUserinfo : hideInside
  return { column, before: show(before), after: show(after), difference, secret }
}

/** A base URL written by hand may carry a password, with blanks in it. */
function hideUserinfo(cell: string | null): string | null {
  return hideInside(cell?.replace(/\/\/[^/?#]*@/, `//${HIDDEN}@`) ?? null)
}

function hideInside(cell: string | null): string | null {
  return cell === null ? null : hideSecrets(cell)
}

/** The column `options.value` is no secret; the value under some keys is. */
function isSecretRow({ table, key }: Change): boolean {
  if (table !== 'options') return false
  return (JSON.parse(key) as (string | null)[]).some((part) => isSecretOption(part ?? ''))
}

function hide(cell: string | null): string | null {
  return cell === null || cell === '' ? cell : HIDDEN
}

export function abilityFacts(changes: readonly Change[]): RowFacts['abilities'] {
  const rebuilds = changes.filter((change) => change.kind === 'rebuild')
  const count = (of: 'insert' | 'update' | 'remove'): number =>
    rebuilds.reduce((sum, rebuild) => sum + rebuild[of].length, 0)
  return { insert: count('insert'), update: count('update'), remove: count('remove') }
}
