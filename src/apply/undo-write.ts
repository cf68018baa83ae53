import { type RawBuilder, sql } from 'kysely'
import { DatabaseError, StaleError, TidegateError } from '../errors.ts'
import type { Journal, JournalOperation } from './journal.ts'
import { BATCH_ROWS, type Located, locate } from './located.ts'
import type { Run } from './run.ts'
import { type EntrySource, missingKey, type UndoEntry } from './undo-entry.ts'
import { alike, columnsOf, journalled, readStates } from './undo-state.ts'

export interface UndoWriteInput extends EntrySource {
  readonly run: Run
  /** Journals the undoing, so that it can be undone; null where nobody will ask for that. */
  readonly journal: Journal | null
}

/** Rows are no longer as a run left them: whatever was written of this transaction must go. */
export class MovedError extends StaleError {
  readonly entries: readonly UndoEntry[]

  constructor(entries: readonly UndoEntry[]) {
    const { table, locator, source } = entries[0]!
    super(
      `a row of ${table} was changed after ${source} wrote it; nothing was undone`,
      { table, locator, source },
      'look at the row and at tidegate_journal; put it back by hand if it must be',
    )
    this.entries = entries
  }
}

export const INVERSE: Readonly<Record<JournalOperation, JournalOperation>> = {
  insert: 'delete',
  update: 'update',
  delete: 'insert',
}

/** Which row an entry is about. */
export function rowOf({ table, locator }: UndoEntry): string {
  return JSON.stringify([table, locator])
}

/** The newest entry about each row: only of these can the rows be as it left them. */
export function newestOf(entries: readonly UndoEntry[]): UndoEntry[] {
  const seen = new Set<string>()
  return entries.filter((entry) => {
    const row = rowOf(entry)
    return !seen.has(row) && seen.add(row)
  })
}

/** Locks the rows that entries are about until the transaction ends. */
export async function lockRows(
  { database, catalog }: EntrySource,
  entries: readonly UndoEntry[],
): Promise<void> {
  for (const batch of batches(newestOf(entries), ({ table }) => table)) {
    const rows = batch.map(({ seq, locator }) => ({ seq, locator, texts: [] }))
    const { table } = batch[0]!
    const { near } = locate(database, catalog, table, rows)
    await database.lockRows(table, () => near)
  }
}

/**
 * Puts back the before-images of entries, newest first, in the caller's transaction. The newest
 * entry about each row has been checked.
 * @throws MovedError when a row was something else between two of them.
 */
export async function undoEntries(
  input: UndoWriteInput,
  entries: readonly UndoEntry[],
): Promise<void> {
  const newest = new Set(newestOf(entries))
  for (const batch of batches(entries, alike)) {
    const older = batch.filter((entry) => !newest.has(entry))
    const states = await readStates(input, older)
    const moved = older.filter((entry) => !states.get(entry)!.holds)
    if (moved.length > 0) throw new MovedError(moved)
    await undoBatch(input, batch)
  }
}

/** Neighbours that one statement can take: alike, and each about another row. */
function* batches(
  entries: readonly UndoEntry[],
  kindOf: (entry: UndoEntry) => string,
): Generator<UndoEntry[]> {
  let batch: UndoEntry[] = []
  let rows = new Set<string>()
  for (const entry of entries) {
    const [first = entry] = batch
    const row = rowOf(entry)
    if (rows.has(row) || batch.length === BATCH_ROWS || kindOf(first) !== kindOf(entry)) {
      yield batch
      ;[batch, rows] = [[], new Set()]
    }
    batch.push(entry)
    rows.add(row)
  }
  if (batch.length > 0) yield batch
}

async function undoBatch(input: UndoWriteInput, batch: readonly UndoEntry[]): Promise<void> {
  const { catalog, journal } = input
  const { table, operation } = batch[0]!
  const write = () => writeBatch(input, batch)
  const inverse = INVERSE[operation]
  const columns = inverse === 'delete' ? [...catalog.get(table)!.keys()] : batch[0]!.columns
  const locators = batch.map(({ locator }) => locator)
  await (journal?.aroundAll({ table, operation: inverse, columns, locators }, write) ?? write())
  await mark(input, batch)
}

async function writeBatch(input: UndoWriteInput, batch: readonly UndoEntry[]): Promise<void> {
  const { database, catalog } = input
  const [first] = batch
  const { table } = first!
  const rows = batch.map((entry) => {
    return { seq: entry.seq, locator: entry.locator, texts: decryptSecrets(input, entry) }
  })
  const located = locate(database, catalog, table, rows)
  const statement = STATEMENTS[first!.operation](input, first!, located)
  const affected = await takeBack(input, table, statement)
  if (affected === BigInt(batch.length)) return
  throw new TidegateError('internal', `${affected} instead of ${batch.length} rows were put back`)
}

/** What the images hold may not fit the table any more: a constraint, another type, no JSON. */
async function takeBack(
  { database }: UndoWriteInput,
  table: string,
  statement: RawBuilder<unknown>,
): Promise<bigint> {
  try {
    return (await statement.execute(database.queries)).numAffectedRows ?? 0n
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.facts.retry !== 'never') throw error
    const message = `the database does not take back what the journal holds of ${table}; nothing was undone`
    throw new TidegateError('journal', message, {
      details: { ...error.facts },
      nextStep: 'look for a row that is in the way, or put the rows back by hand',
      cause: error,
    })
  }
}

function decryptSecrets({ journalKey }: UndoWriteInput, entry: UndoEntry): string[] {
  const { runId, seq, table, secrets, sealed } = entry
  if (entry.operation === 'insert') return []
  return secrets.map((column) => {
    const place = { runId, seq, table, column }
    const image = journalKey?.decrypt(sealed[column] ?? '', place) ?? null
    if (image === null) throw missingKey(runId)
    return image
  })
}

type Statement = (input: UndoWriteInput, entry: UndoEntry, located: Located) => RawBuilder<unknown>

const STATEMENTS: Readonly<Record<JournalOperation, Statement>> = {
  insert: (_input, { table }, { rows, near, among }) => sql`
    with ${rows} delete from ${sql.table(table)} where ${near} and ${among}`,

  update: (input, entry, { rows, same }) => {
    const assignments = valuesBefore(input, entry).map(
      ([name, value]) => sql`${sql.id(name)} = ${value}`,
    )
    return sql`
      with ${rows} update ${sql.table(entry.table)} set ${sql.join(assignments)}
      from ${journalled(entry.runId)} where ${same}`
  },

  delete: (input, entry, { rows, same }) => {
    const values = valuesBefore(input, entry)
    return sql`
      with ${rows}
      insert into ${sql.table(entry.table)} (${sql.join(values.map(([name]) => sql.id(name)))})
      select ${sql.join(values.map(([, value]) => value))} from ${journalled(entry.runId)}
      where not exists (select 1 from ${sql.table(entry.table)} where ${same})`
  },
}

/** Columns with SQL of what the entry's row held before it. */
function valuesBefore(
  { database, catalog }: UndoWriteInput,
  entry: UndoEntry,
): (readonly [string, RawBuilder<unknown>])[] {
  const { plain, secret } = columnsOf(catalog, entry)
  const { images } = database
  const image = sql<string>`tidegate_journal.before_image`
  const sealed = (index: number) => sql<string>`tidegate_located.${sql.id(`text_${index}`)}`
  return [
    ...plain.map((column) => [column.name, images.restore(column, image)] as const),
    ...secret.map((column, index) => {
      return [column.name, images.restore(column, sealed(index))] as const
    }),
  ]
}

/** What an undo had undone and is put back by undoing it counts as done again. */
async function mark({ database, run }: UndoWriteInput, batch: readonly UndoEntry[]): Promise<void> {
  const { runId, table, source } = batch[0]!
  const numbers = sql.join(batch.map(({ seq }) => seq))
  await sql`
    update tidegate_journal set undone_by = ${run.id} where run_id = ${runId} and seq in (${numbers})
  `.execute(database.queries)
  if (!source.startsWith('undo:')) return
  const locators = sql.join(batch.map(({ locator }) => JSON.stringify(locator)))
  await sql`
    update tidegate_journal set undone_by = null
    where undone_by = ${runId} and table_name = ${table} and locator in (${locators})
  `.execute(database.queries)
}
