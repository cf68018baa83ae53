import { sql } from 'kysely'
import { Journal } from '../apply/journal.ts'
import { recordRun, type Run } from '../apply/run.ts'
import type { Catalog, Database, DatabaseReader, LockOptions } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import { TidegateError } from '../errors.ts'
import type { Locator } from '../snapshot/model.ts'
import { copiedText } from './copy-cell.ts'
import { rowsOf, type TableRows } from './copy-check.ts'
import { type CopyScope, type CopyTable, wholeRows } from './copy-scope.ts'

/** Rows that are journalled and written at once. */
const BATCH_ROWS = 500

export interface CopyInput {
  readonly reader: DatabaseReader
  readonly database: Database
  /** Of the target. */
  readonly catalog: Catalog
  readonly scope: CopyScope
  /** What people call the two sides. */
  readonly from: string
  readonly to: string
  readonly run: Run
  readonly lock: LockOptions
  readonly onTable?: (table: string) => void
}

/**
 * Writes every row of the source to the empty target, in one transaction. What does not fit must
 * have been found before: `checkCopy`, in the same snapshot of the reader.
 * @throws TidegateError `plan` when a table has rows; nothing is written then.
 */
export async function copyRows(input: CopyInput): Promise<TableRows[]> {
  const { database, lock } = input
  return database.withLock(lock, () =>
    retryTransaction(() => database.transaction(() => copyTables(input))),
  )
}

async function copyTables(input: CopyInput): Promise<TableRows[]> {
  const { database, scope, run } = input
  const counts: TableRows[] = []
  for (const { table } of scope.tables) {
    counts.push({ table, rows: await countNow(database, table) })
  }
  assertEmpty(input.to, counts)
  await recordRun(database, run)
  const journal = new Journal({ ...input, source: `copy:${input.from}` })
  const copied: TableRows[] = []
  for (const table of scope.tables) {
    input.onTable?.(table.table)
    copied.push({ table: table.table, rows: await copyTable(input, journal, table) })
  }
  for (const one of copied) await assertWhole(input, one)
  return copied
}

/** @throws TidegateError `plan` when a table has rows. */
export function assertEmpty(to: string, counts: readonly TableRows[]): void {
  const full = counts.filter(({ rows }) => rows > 0)
  if (full.length === 0) return
  const list = full.map(({ table, rows }) => `${table} ${rows}`).join(', ')
  throw new TidegateError('plan', `${to} is not empty: rows in ${list}; nothing was written`, {
    details: { tables: full },
    nextStep: 'copy to an empty database; `tidegate push` changes one that is in use',
  })
}

async function countNow({ queries }: Database, table: string): Promise<number> {
  const statement = sql<{ rows: unknown }>`select count(*) as rows from ${sql.table(table)}`
  const { rows } = await statement.execute(queries)
  return Number(rows[0]!.rows)
}

async function copyTable(input: CopyInput, journal: Journal, table: CopyTable): Promise<number> {
  const { database, reader } = input
  const columns = table.columns.map(({ target }) => target)
  let copied = 0
  for await (const rows of batches(textsOf(reader, table))) {
    const write = async (): Promise<void> => {
      copied += await database.insertRows(table.table, columns, rows)
    }
    await journalled(journal, table, rows, write)
  }
  if (copied > 0 && columns.some(({ name, family }) => name === 'id' && family === 'integer')) {
    // Ids that are given do not move the sequence that gives them; this does.
    await database.nextIds(table.table, 1)
  }
  return copied
}

type Texts = readonly (string | null)[]

/** A row that no key names cannot be found again by an undo: it is only written. */
async function journalled(
  journal: Journal,
  { table, key, columns }: CopyTable,
  rows: readonly Texts[],
  write: () => Promise<void>,
): Promise<void> {
  if (key.length === 0) return write()
  const locators = rows.map((row): Locator =>
    Object.fromEntries(key.map((name, index) => [name, row[index]!])),
  )
  const names = columns.map(({ name }) => name)
  await journal.aroundAll({ table, operation: 'insert', columns: names, locators }, write)
}

async function* textsOf(reader: DatabaseReader, table: CopyTable): AsyncGenerator<Texts> {
  for await (const raw of rowsOf(reader, wholeRows(table))) {
    yield table.columns.map((column, index) => copiedText(column, raw[index] ?? null))
  }
}

async function* batches(rows: AsyncIterable<Texts>): AsyncGenerator<Texts[]> {
  let batch: Texts[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH_ROWS) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Somebody else may write there, or a rule of the table may. */
async function assertWhole({ database, to }: CopyInput, { table, rows }: TableRows): Promise<void> {
  const found = await countNow(database, table)
  if (found === rows) return
  const message = `${to} has ${found} rows in ${table} after ${rows} were copied; nothing was kept`
  throw new TidegateError('plan', message, {
    details: { table, rows, found },
    nextStep: 'stop what else writes to that database, and run the command again',
  })
}
