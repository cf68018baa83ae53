import type { Catalog } from '../database/contract.ts'
import type { CellChange, InsertChange, UpdateChange } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import { columnRule } from '../gateway/columns.ts'
import type { Cell } from '../snapshot/model.ts'
import { rowKey } from './row-key.ts'
import type { Values } from './rows.ts'
import type { Run } from './run.ts'
import type { SecretValues } from './secrets.ts'

export interface ValueInput {
  readonly catalog: Catalog
  readonly secrets: SecretValues
  readonly run: Run
}

/**
 * What is written into a row: a change holds only fingerprints of secrets, and natural keys in the
 * place of ids. `ids` are those of the rows that it refers to, by `rowKey`.
 */
export function changedValues(
  { secrets }: Pick<ValueInput, 'secrets'>,
  { table, key, cells }: InsertChange | UpdateChange,
  ids: ReadonlyMap<string, string>,
): Values {
  const valueOf = ({ column, after, secret, reference }: CellChange): Cell => {
    if (reference !== undefined)
      return idOf({ table, column, refersTo: reference.table }, after, ids)
    return secret && after !== null ? secrets.reveal(table, key, column) : after
  }
  return new Map(cells.map((cell) => [cell.column, valueOf(cell)]))
}

/** Also what the gateway's admin API writes for columns that the change does not name. */
export function insertedValues(
  input: ValueInput,
  change: InsertChange,
  ids: ReadonlyMap<string, string>,
): Values {
  const { table } = change
  const values = new Map(changedValues(input, change, ids))
  for (const [name, { family }] of input.catalog.get(table) ?? []) {
    if (values.has(name)) continue
    const created = columnRule(table, name, family).onCreate
    if (created !== undefined) values.set(name, created)
    else if (name === 'created_time') values.set(name, unixSeconds(input.run.startedAt))
  }
  return values
}

interface Place {
  readonly table: string
  readonly column: string
  readonly refersTo: string
}

/** Of no row, what the gateway writes for none. */
function idOf(
  { table, column, refersTo }: Place,
  key: Cell,
  ids: ReadonlyMap<string, string>,
): Cell {
  if (key === null) return columnRule(table, column).onCreate ?? null
  const id = ids.get(rowKey(refersTo, key))
  if (id !== undefined) return id
  throw new TidegateError('internal', `${table}.${column} refers to a row that is not written yet`)
}

function unixSeconds(date: Date): string {
  return String(Math.floor(date.getTime() / 1000))
}
