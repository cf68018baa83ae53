import { sql } from 'kysely'
import type { InsertChange } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import { GATEWAY_TABLES } from '../gateway/columns.ts'
import type { Cell } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import { TABLE_SPECS } from '../snapshot/table-specs.ts'
import { isLive, isOneOf } from './conditions.ts'
import { portions } from './located.ts'
import type { PreconditionInput } from './preconditions.ts'
import { rowKey } from './row-key.ts'
import type { StaleRows } from './stale.ts'

interface Missing {
  readonly change: InsertChange
  /** Columns that tell the row from others, and what it will hold in them. */
  readonly columns: readonly string[]
  readonly texts: readonly string[]
}

/**
 * Whether each row to insert is still missing, by the columns that make its natural key. `ids` are
 * those of rows that the plan refers to and does not insert itself.
 */
export async function checkInserts(
  input: PreconditionInput,
  ids: ReadonlyMap<string, string>,
  stale: StaleRows,
): Promise<void> {
  const inserts = input.changes.filter((change) => change.kind === 'insert')
  const missing = inserts.flatMap((change) => describe(change, ids))
  const alike = Map.groupBy(missing, ({ change, columns }) =>
    JSON.stringify([change.table, columns]),
  )
  for (const group of alike.values()) {
    for (const some of portions(group)) await checkPortion(input, some, stale)
  }
}

/** None for a row that refers to one which the plan inserts as well: nobody can have it yet. */
function describe(change: InsertChange, ids: ReadonlyMap<string, string>): Missing[] {
  const names = keyColumns(change.table)
  const cells = change.cells.filter(({ column }) => names.includes(column))
  if (cells.length === 0) {
    throw new TidegateError('internal', `a row of ${change.table} is inserted without its key`)
  }
  const texts = cells.map(({ reference, after }): Cell | undefined =>
    reference === undefined || after === null ? after : ids.get(rowKey(reference.table, after)),
  )
  const isKnown = texts.every((text) => typeof text === 'string')
  return isKnown ? [{ change, columns: cells.map(({ column }) => column), texts }] : []
}

function keyColumns(table: string): readonly string[] {
  const spec = TABLE_SPECS[table]?.key.map((part) => {
    return typeof part === 'string' ? part : part.column
  })
  return spec ?? GATEWAY_TABLES[table]?.naturalKey ?? []
}

async function checkPortion(
  { database, catalog, fingerprinter }: PreconditionInput,
  missing: readonly Missing[],
  stale: StaleRows,
): Promise<void> {
  const { change, columns } = missing[0]!
  const { table } = change
  const named = isOneOf(
    table,
    columns,
    missing.map(({ texts }) => texts),
  )
  const where = () => sql<boolean>`(${named} and ${isLive(catalog, table)})`
  const reads = [{ table, columns, where, verbatim: true }]
  const [rows = []] = await readRows(database, catalog, fingerprinter, reads)
  const found = new Set(
    rows.map(({ cells }) => JSON.stringify(columns.map((name) => cells.get(name)))),
  )
  for (const { change, texts } of missing) {
    if (!found.has(JSON.stringify(texts))) continue
    stale.add({ table, key: change.key, problem: 'exists' })
  }
}
