import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import { StaleError, TidegateError } from '../errors.ts'
import type { Locator } from '../snapshot/model.ts'
import { at, catalogColumn, imageAt, type JournalEntry, type JournalOperation } from './journal.ts'
import { recordRun, type Run } from './run.ts'

interface RawEntry {
  readonly run_id: string
  readonly seq: number | string | bigint
  readonly table_name: string
  readonly operation: JournalOperation
  readonly locator: string
  readonly columns: string
}

type Entry = Omit<JournalEntry, 'source'> & { readonly seq: number }

export interface UndoInput {
  readonly database: Database
  readonly catalog: Catalog
  readonly run: Run
  /** Everything this source ever journalled and that is not undone yet. */
  readonly source: string
}

/**
 * Puts back the before-images of everything that one source wrote, newest first. Must be called
 * inside `database.transaction`. Undoing nothing is fine.
 * @returns how many rows were put back.
 * @throws StaleError when a row no longer holds what the source wrote; nothing is undone then.
 */
export async function undoSource(input: UndoInput): Promise<number> {
  const entries = await readEntries(input)
  if (entries.length > 0) await recordRun(input.database, input.run)
  for (const entry of entries) await undoEntry(input, entry)
  return entries.length
}

async function readEntries({ database, source }: UndoInput): Promise<Entry[]> {
  const { rows } = await sql<RawEntry>`
    select run_id, seq, table_name, operation, locator, columns from tidegate_journal
    where source = ${source} and undone_by is null
    order by run_id desc, seq desc
  `.execute(database.queries)
  return rows.map((row) => ({
    runId: row.run_id,
    seq: Number(row.seq),
    table: row.table_name,
    operation: row.operation,
    locator: JSON.parse(row.locator) as Locator,
    columns: JSON.parse(row.columns) as string[],
  }))
}

async function undoEntry(input: UndoInput, entry: Entry): Promise<void> {
  const statement = undoStatement(input, entry)
  const { numAffectedRows } = await statement.execute(input.database.queries)
  if (numAffectedRows !== 1n) {
    throw new StaleError(
      `a row of ${entry.table} was changed after ${input.source} wrote it; nothing was undone`,
      { table: entry.table, locator: entry.locator, source: input.source },
      'look at the row and at tidegate_journal; put it back by hand if it must be',
    )
  }
  await sql`
    update tidegate_journal set undone_by = ${input.run.id}
    where run_id = ${entry.runId} and seq = ${entry.seq}
  `.execute(input.database.queries)
}

function undoStatement(input: UndoInput, entry: Entry): RawBuilder<unknown> {
  if (entry.operation === 'insert') return undoInsert(input, entry)
  if (entry.operation === 'update') return undoUpdate(input, entry)
  if (entry.operation === 'delete') return undoDelete(input, entry)
  throw new TidegateError(
    'internal',
    'the journal holds an operation that this version cannot undo',
  )
}

function undoInsert(input: UndoInput, entry: Entry): RawBuilder<unknown> {
  return sql`delete from ${sql.table(entry.table)} where ${isAsWritten(input, entry)}`
}

function undoUpdate(input: UndoInput, entry: Entry): RawBuilder<unknown> {
  const before = storedImage(entry, 'before_image')
  const assignments = columnsOf(input, entry).map(
    (column) => sql`${sql.id(column.name)} = ${input.database.images.restore(column, before)}`,
  )
  return sql`
    update ${sql.table(entry.table)} set ${sql.join(assignments)} where ${isAsWritten(input, entry)}
  `
}

function undoDelete({ database, catalog }: UndoInput, entry: Entry): RawBuilder<unknown> {
  const before = storedImage(entry, 'before_image')
  const columns = columnsOf({ catalog }, entry)
  const values = columns.map((column) => database.images.restore(column, before))
  const existing = sql`select 1 from ${sql.table(entry.table)}
    where ${at(database, catalog, entry.table, entry.locator)}`
  return sql`
    insert into ${sql.table(entry.table)} (${sql.join(columns.map(({ name }) => sql.id(name)))})
    select ${sql.join(values)} where not exists (${existing})
  `
}

function isAsWritten(input: UndoInput, entry: Entry): RawBuilder<boolean> {
  const { database, catalog } = input
  const { table, locator } = entry
  const now = imageAt(database, catalog, table, locator, columnsOf(input, entry))
  const row = at(database, catalog, table, locator)
  return sql<boolean>`${row} and ${now} = ${storedImage(entry, 'after_image')}`
}

function storedImage(entry: Entry, column: 'before_image' | 'after_image'): RawBuilder<string> {
  return sql<string>`(
    select ${sql.id(column)} from tidegate_journal
    where run_id = ${entry.runId} and seq = ${entry.seq}
  )`
}

function columnsOf({ catalog }: Pick<UndoInput, 'catalog'>, entry: Entry) {
  return entry.columns.map((name) => catalogColumn(catalog, entry.table, name))
}
