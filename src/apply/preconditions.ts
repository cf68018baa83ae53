import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import type {
  Change,
  DeleteChange,
  InsertChange,
  RebuildChange,
  UpdateChange,
} from '../diff/change.ts'
import { StaleError, TidegateError } from '../errors.ts'
import { compareCells } from '../gateway/cells.ts'
import { columnRule, GATEWAY_TABLES } from '../gateway/columns.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { type Cell, naturalKey, type Row } from '../snapshot/model.ts'
import { readRows, type TableRead } from '../snapshot/read.ts'
import { at } from './journal.ts'

export interface PreconditionInput {
  readonly database: Database
  readonly catalog: Catalog
  /** Null when the cells of secret columns only say that they are set. */
  readonly fingerprinter: Fingerprinter | null
  readonly changes: readonly Change[]
}

/**
 * Reads again, inside the caller's transaction, every row that the plan was made from, and locks
 * it against other writers until the transaction ends.
 * @throws StaleError when a row is not what the plan saw.
 */
export async function assertUnchanged(input: PreconditionInput): Promise<void> {
  const { database, catalog, fingerprinter } = input
  const checks = input.changes.flatMap((change) => check(input, change))
  for (const { read } of checks) await database.lockRows(read.table, read.where)
  const reads = checks.map(({ read }) => read)
  const results = await readRows(database, catalog, fingerprinter, reads)
  const stale = checks.filter(({ holds }, index) => !holds(results[index]!))
  if (stale.length === 0) return
  const tables = [...new Set(stale.map(({ read }) => read.table))].join(', ')
  throw changed(tables, stale.length)
}

function changed(tables: string, rows: number): StaleError {
  const message = `rows of ${tables} changed after the plan was made; nothing was written`
  return new StaleError(message, { tables, rows })
}

/**
 * Checks and locks the channel that abilities are derived from, after the plan has written it: its
 * status or priority may have changed although the plan changes neither. Of abilities without a
 * channel it checks that there is still none.
 * @throws StaleError when it gives other abilities.
 */
export async function assertSource(
  { database, catalog, fingerprinter }: Omit<PreconditionInput, 'changes'>,
  { source }: RebuildChange,
  channelId: string,
): Promise<void> {
  const table = 'channels'
  const where = () => at(database, catalog, table, { id: channelId })
  await database.lockRows(table, where)
  const columns = [...(source?.keys() ?? [])]
  const reads = [{ table, columns, where }]
  const [rows = []] = await readRows(database, catalog, fingerprinter, reads)
  const holds = columns.every((column) => {
    const now = rows[0]?.cells.get(column) ?? null
    return compareCells(columnRule(table, column), source?.get(column) ?? null, now) === 'equal'
  })
  if (rows.length !== (source === null ? 0 : 1) || !holds) throw changed(table, 1)
}

interface Check {
  readonly read: TableRead & { readonly where: () => RawBuilder<boolean> }
  readonly holds: (rows: readonly Row[]) => boolean
}

function check(input: PreconditionInput, change: Change): Check[] {
  if (change.kind === 'update' || change.kind === 'delete') return [checkCells(input, change)]
  if (change.kind === 'insert') return [checkInsert(change)]
  return change.channelId === null ? [] : [checkRebuild(input, change, change.channelId)]
}

function checkCells(
  { database, catalog }: PreconditionInput,
  change: UpdateChange | DeleteChange,
): Check {
  const { table, locator, cells } = change
  return {
    read: {
      table,
      columns: cells.map(({ column }) => column),
      where: () => at(database, catalog, table, locator),
    },
    holds: (rows) =>
      rows.length === 1 &&
      cells.every(({ column, before }) => rows[0]!.cells.get(column) === before),
  }
}

/** The row to insert must still be missing, by the columns that make its natural key. */
function checkInsert({ table, cells }: InsertChange): Check {
  const naturalKey = GATEWAY_TABLES[table]?.naturalKey ?? []
  const keyCells = cells.filter(({ column }) => naturalKey.includes(column))
  if (keyCells.length === 0) {
    throw new TidegateError('internal', `a row of ${table} is inserted without its key`)
  }
  const parts = keyCells.map(
    ({ column, after }) => sql`cast(${sql.ref(`${table}.${column}`)} as text) = ${after}`,
  )
  return {
    read: {
      table,
      columns: naturalKey,
      where: () => sql<boolean>`(${sql.join(parts, sql` and `)})`,
    },
    holds: (rows) => rows.length === 0,
  }
}

function checkRebuild(
  { database, catalog }: PreconditionInput,
  change: RebuildChange,
  channelId: string,
): Check {
  const touched = [...change.remove, ...change.update.map(({ before }) => before)]
  return {
    read: {
      table: 'abilities',
      columns: ['enabled', 'priority', 'weight', 'tag'],
      where: () => at(database, catalog, 'abilities', { channel_id: channelId }),
    },
    holds: (rows) => {
      const byKey = Map.groupBy(rows, keyOf)
      return (
        touched.every((before) => byKey.get(keyOf(before))?.some((row) => sameRow(before, row))) &&
        !change.insert.some(({ group, model }) => byKey.has(abilityKey(group, model)))
      )
    },
  }
}

function sameRow(before: Row, row: Row): boolean {
  return before.key === row.key && [...before.cells].every(([name, v]) => row.cells.get(name) === v)
}

function keyOf({ cells }: Row): string {
  return abilityKey(cells.get('group'), cells.get('model'))
}

function abilityKey(group: Cell | undefined, model: Cell | undefined): string {
  return naturalKey([group ?? null, model ?? null])
}
