import { StaleError } from '../errors.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Cell } from '../snapshot/model.ts'
import { keyParts } from './row-key.ts'

/** A row that is not what the plan saw, for people; without secrets. */
export interface StaleRow {
  readonly table: string
  readonly key: readonly string[]
  readonly problem: 'gone' | 'exists' | 'changed'
  /** Those that changed. Of secrets only 'set', '' or null. */
  readonly cells: readonly StaleCell[]
}

export interface StaleCell {
  readonly column: string
  readonly planned: Cell
  readonly now: Cell
}

const SHOWN_ROWS = 50
const SHOWN_CHARACTERS = 200

/** What moved between the plan and its writing. */
export class StaleRows {
  readonly #tables = new Set<string>()
  readonly #rows: StaleRow[] = []
  #count = 0

  /** `key` is a natural key; of an ability, that of its channel, with group and model in `parts`. */
  add(
    row: Omit<StaleRow, 'key' | 'cells'> & {
      readonly key: string
      readonly parts?: readonly string[]
      readonly cells?: readonly StaleCell[]
    },
  ): void {
    this.#count += 1
    this.#tables.add(row.table)
    if (this.#rows.length === SHOWN_ROWS) return
    const { table, problem, parts = [], cells = [] } = row
    this.#rows.push({ table, key: [...keyParts(row.key), ...parts].map(show), problem, cells })
  }

  /** @throws StaleError with `details`: tables, count, and at most 50 rows. */
  assertNone(): void {
    if (this.#count === 0) return
    const tables = [...this.#tables].join(', ')
    const message = `rows of ${tables} changed after the plan was made; nothing was written`
    throw new StaleError(message, { tables, count: this.#count, rows: this.#rows })
  }
}

export function staleCell(
  { column, secret }: { readonly column: string; readonly secret: boolean },
  planned: Cell,
  now: Cell,
): StaleCell {
  const shown = secret ? stateOf : showCell
  return { column, planned: shown(planned), now: shown(now) }
}

function stateOf(cell: Cell): Cell {
  return cell === null || cell === '' ? cell : 'set'
}

function showCell(cell: Cell): Cell {
  return cell === null ? null : show(cell)
}

function show(text: string): string {
  return hideSecrets(text).slice(0, SHOWN_CHARACTERS).toWellFormed()
}
