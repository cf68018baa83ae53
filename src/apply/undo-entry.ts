import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { digestOf } from './journal-digest.ts'
import { JOURNAL_OPERATIONS, type JournalEntry } from './journal.ts'
import { type JournalKey, PUBLIC_DIGEST } from './journal-key.ts'

/** An entry that can be undone: it is as it was written, and the database knows its columns. */
export interface UndoEntry extends JournalEntry {
  readonly seq: number
  /** Those of its columns that the images leave out. */
  readonly secrets: readonly string[]
  /** Of these, what each held before, encrypted; empty for an insert. */
  readonly sealed: Readonly<Record<string, string>>
}

export interface EntrySource {
  readonly database: Database
  readonly catalog: Catalog
  readonly journalKey?: JournalKey | undefined
}

interface RawEntry {
  readonly run_id: string
  readonly seq: number | string | bigint
  readonly source: string
  readonly table_name: string
  readonly operation: string
  readonly locator: string
  readonly columns: string
  readonly is_whole: number
  readonly before_secrets?: string | null
  readonly after_secrets?: string | null
  readonly digest?: string | null
  /** What its digest must be if it was made with the key that it names. */
  readonly expected?: string
}

/**
 * The entries that a condition on `tidegate_journal` names and that are not undone yet, newest
 * first.
 * @throws TidegateError `journal` when one is not as it was written, or needs a key that is missing.
 */
export async function readEntries(
  input: EntrySource,
  where: RawBuilder<boolean>,
): Promise<UndoEntry[]> {
  const { rows } = await sql<RawEntry>`
    select run_id, seq, source, table_name, operation, locator, columns,
      case when (operation = 'insert' or before_image is not null)
        and (operation = 'delete' or after_image is not null) then 1 else 0 end as is_whole
      ${sealColumns(input)}
    from tidegate_journal where ${where} and undone_by is null
    order by run_id desc, seq desc
  `.execute(input.database.queries)
  await assertWhole(input.database, new Set(rows.map((row) => row.run_id)))
  return rows.map((row) => {
    assertUnaltered(row, input.journalKey)
    return toEntry(row, input.catalog)
  })
}

function sealColumns({ database, catalog, journalKey }: EntrySource): RawBuilder<unknown> {
  if (!catalog.get('tidegate_journal')?.has('digest')) return sql``
  const shown = digestOf(database, PUBLIC_DIGEST, 'tidegate_journal')
  const keyed =
    journalKey === undefined ? sql`null` : digestOf(database, journalKey.digest, 'tidegate_journal')
  const isShown = sql`digest like ${`${PUBLIC_DIGEST.keyId}:%`}`
  return sql`, before_secrets, after_secrets, digest,
    case when ${isShown} then ${shown} else ${keyed} end as expected`
}

/** @throws TidegateError when entries of a run are missing from among the others. */
async function assertWhole({ queries }: Database, runIds: ReadonlySet<string>): Promise<void> {
  if (runIds.size === 0) return
  const { rows } = await sql<{ run_id: string; last: number | string; entries: number | string }>`
    select run_id, max(seq) as last, count(*) as entries from tidegate_journal
    where run_id in (${sql.join([...runIds])}) group by run_id
  `.execute(queries)
  const gap = rows.find(({ last, entries }) => Number(last) !== Number(entries))
  if (gap !== undefined) throw altered(`entries of run ${gap.run_id} are missing in the journal`)
}

function assertUnaltered(row: RawEntry, journalKey: JournalKey | undefined): void {
  const { run_id: runId, seq, digest = null, expected } = row
  // Of an entry that is older than digests nothing more can be said.
  if (digest === null) return
  const [keyId] = digest.split(':')
  if (keyId !== PUBLIC_DIGEST.keyId && keyId !== journalKey?.digest.keyId) throw missingKey(runId)
  if (digest === expected) return
  throw altered(`entry ${String(seq)} of run ${runId} was altered in the journal`)
}

function toEntry(row: RawEntry, catalog: Catalog): UndoEntry {
  const { run_id: runId, source, table_name: table } = row
  const entry = `entry ${String(row.seq)} of run ${runId}`
  const parts = parseParts(row)
  if (parts === null) throw altered(`${entry} cannot be read in the journal`)
  const { columns, secrets, locator } = parts
  const known = catalog.get(table)
  if (![...columns, ...secrets, ...Object.keys(locator)].every((name) => known?.has(name))) {
    throw altered(`${entry} is about a column or a table that the database does not have`)
  }
  return { runId, seq: Number(row.seq), source, table, ...parts }
}

type Parts = Pick<UndoEntry, 'operation' | 'locator' | 'columns' | 'secrets' | 'sealed'>

/** Null when one of them is not what it must be. */
function parseParts(row: RawEntry): Parts | null {
  const operation = JOURNAL_OPERATIONS.find((name) => name === row.operation)
  const locator = parseTexts(row.locator)
  const columns = parseNames(row.columns)
  const before = parseTexts(row.before_secrets ?? '{}')
  const after = parseTexts(row.after_secrets ?? '{}')
  if (operation === undefined || columns === null || row.is_whole !== 1) return null
  if (locator === null || Object.keys(locator).length === 0) return null
  if (before === null || after === null) return null
  const secrets = Object.keys(operation === 'insert' ? after : before)
  return { operation, locator, columns, secrets, sealed: before }
}

/** A JSON object of texts; null when the text is none. */
function parseTexts(json: string): Readonly<Record<string, string>> | null {
  const value = parse(json)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.values(value).every((text) => typeof text === 'string')
    ? (value as Record<string, string>)
    : null
}

function parseNames(json: string): readonly string[] | null {
  const value = parse(json)
  if (!Array.isArray(value) || value.length === 0) return null
  return value.every((name) => typeof name === 'string') ? value : null
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function altered(problem: string): TidegateError {
  return new TidegateError('journal', `${problem}; nothing was undone`, {
    nextStep: 'look at the rows and at tidegate_journal; put back by hand what must be',
  })
}

export function missingKey(runId: string): TidegateError {
  const message = `run ${runId} was journalled with another key, or with one where none is set now; nothing was undone`
  return new TidegateError('journal', message, {
    nextStep: 'set TIDEGATE_JOURNAL_KEY to the key of that run',
  })
}
