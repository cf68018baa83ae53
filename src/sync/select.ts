import { hash } from 'node:crypto'
import { findingId } from '../diff/build-finding.ts'
import { TidegateError } from '../errors.ts'
import { shownGiven } from './given.ts'
import type { SyncRow, SyncTable, SyncWorld } from './world.ts'

const ID = /^[0-9a-f]{12}$/

/** What is chosen of one row. */
export interface RowChoice {
  /** Whether the row, or one of its columns, is to be written at all. */
  readonly isSelected: boolean
  /** Named so exactly that it is written although it changed on the other side. */
  readonly isNamed: boolean
  readonly isById: boolean
  /** Null: all of them. */
  readonly columns: ReadonlySet<string> | null
}

const ALL: RowChoice = { isSelected: true, isNamed: false, isById: false, columns: null }

/** `--select`: ids of differences, TABLE, TABLE/NAME, TABLE/NAME/COLUMN. */
export class Selection {
  readonly #selectors: readonly string[] | null

  /** @throws TidegateError `plan` for a selector that matches nothing. */
  constructor(selectors: readonly string[] | null, { tables }: Pick<SyncWorld, 'tables'>) {
    this.#selectors = selectors
    for (const [index, selector] of (selectors ?? []).entries()) {
      if (!tables.some((table) => isMatched(table, selector))) throw matchless(selector, index)
    }
  }

  of(table: SyncTable, row: SyncRow): RowChoice {
    if (this.#selectors === null) return ALL
    const matches = this.#selectors.map((selector) => matchRow(table, row, selector))
    const columns = matches.flatMap((match) => (typeof match === 'object' ? [match.column] : []))
    const isById = matches.includes('id')
    const isWhole = isById || matches.includes('row')
    const isAll = isWhole || matches.includes('table')
    return {
      isSelected: isAll || columns.length > 0,
      isNamed: isWhole || columns.length > 0,
      isById,
      columns: isAll ? null : new Set(columns),
    }
  }
}

type Match = 'none' | 'table' | 'row' | 'id' | { readonly column: string }

function isMatched(table: SyncTable, selector: string): boolean {
  if (table.shape.table === selector) return true
  return table.rows.some((row) => matchRow(table, row, selector) !== 'none')
}

function matchRow({ shape, columns }: SyncTable, row: SyncRow, selector: string): Match {
  if (ID.test(selector)) return idsOf(shape.table, row).includes(selector) ? 'id' : 'none'
  if (selector === shape.table) return 'table'
  // A name may hold slashes itself.
  const place = `${shape.table}/${row.parts[0] ?? ''}`
  if (selector === place) return 'row'
  const found = columns.find(({ name, column }) =>
    [name, column].some((one) => selector === `${place}/${one}`),
  )
  return found === undefined ? 'none' : { column: found.name }
}

/** That of `drift`'s finding about the row. */
export function idOf(table: string, { kind, side, parts }: SyncRow): string {
  return findingId(sha256, { table, key: parts, kind, side })
}

/** With the one that it has where the sides are named the other way round. */
function idsOf(table: string, row: SyncRow): string[] {
  const { kind, side } = row
  const mirrored = {
    ...row,
    kind: kind === 'missing' ? 'extra' : kind === 'extra' ? 'missing' : kind,
    side: side === null ? null : side === 'from' ? 'to' : 'from',
  } as const
  return [idOf(table, row), idOf(table, mirrored)]
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

function matchless(selector: string, index: number): TidegateError {
  const shown = shownGiven(selector, `(number ${index + 1})`)
  return new TidegateError(
    'plan',
    `--select ${JSON.stringify(shown)} matches nothing that differs`,
    {
      nextStep:
        'look at the ids and names of `tidegate drift`; tokens are looked at with --tables tokens',
    },
  )
}
