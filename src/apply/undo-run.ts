import { sql } from 'kysely'
import type { Catalog, Database, LockOptions } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import { TidegateError } from '../errors.ts'
import { Journal, type JournalOperation } from './journal.ts'
import type { JournalKey } from './journal-key.ts'
import { recordRun, type Run } from './run.ts'
import { type EntrySource, readEntries, type UndoEntry } from './undo-entry.ts'
import { forgetPutBack } from './undo-memory.ts'
import { type EntryState, readStates } from './undo-state.ts'
import { INVERSE, lockRows, MovedError, newestOf, rowOf, undoEntries } from './undo-write.ts'

/** What undoing does with one row. */
export interface UndoRow {
  readonly table: string
  readonly locator: UndoEntry['locator']
  /** What people call it; null when nothing tells. */
  readonly name: string | null
  readonly operation: JournalOperation
  readonly columns: readonly string[]
  /** Whether the row is as the run left it; where not, it and its unit are left alone. */
  readonly state: 'as-left' | 'changed' | 'gone' | 'back'
}

/** Rows that are undone together or not at all: a channel with its abilities, or any other row. */
export interface UndoUnit {
  readonly rows: readonly UndoRow[]
}

/** What undoing a run puts back, and what it leaves because it has moved since. */
export interface UndoPlan {
  readonly runId: string
  readonly units: readonly UndoUnit[]
  readonly left: readonly UndoUnit[]
}

export interface UndoRunInput {
  readonly database: Database
  /** The run to undo. */
  readonly runId: string
  /** The run that undoes it. */
  readonly run: Run
  readonly lock: LockOptions
}

/**
 * Looks, and writes nothing.
 * @throws TidegateError `journal` when there is no such run, or the journal was altered.
 */
export async function planUndo(
  database: Database,
  runId: string,
  journalKey?: JournalKey,
): Promise<UndoPlan> {
  const input = { database, catalog: await database.catalog(), journalKey }
  const entries = await readRun(input, runId)
  return { runId, ...shown(await sortUnits(input, entries, new Set())) }
}

/**
 * Puts back, in one transaction, what a run wrote and what is still as that run left it. That is a
 * run of its own, which can be undone; the run that it then puts back is no longer undone.
 * @returns what was put back, and what was left.
 * @throws TidegateError `journal` when there is no such run, a key is missing, or the journal was
 *   altered; nothing is written then.
 */
export async function undoRun(input: UndoRunInput): Promise<UndoPlan> {
  const { database, lock, run } = input
  const catalog = await database.catalog()
  const source = { database, catalog, journalKey: run.journalKey }
  const moved = new Set<string>()
  return database.withLock(lock, async () => {
    for (;;) {
      try {
        return await retryTransaction(() =>
          database.transaction(() => attempt({ ...input, ...source }, moved)),
        )
      } catch (error) {
        if (!(error instanceof MovedError)) throw error
        for (const entry of error.entries) moved.add(rowOf(entry))
      }
    }
  })
}

async function attempt(
  input: UndoRunInput & EntrySource,
  moved: ReadonlySet<string>,
): Promise<UndoPlan> {
  const { database, runId, run } = input
  const entries = await readRun(input, runId)
  await lockRows(input, entries)
  const sorted = await sortUnits(input, entries, moved)
  const open = new Set(sorted.units.flatMap((unit) => unit.entries))
  if (open.size > 0) {
    await recordRun(database, run)
    const journal = new Journal({ ...input, source: `undo:${runId}` })
    await undoEntries(
      { ...input, journal },
      entries.filter((entry) => open.has(entry)),
    )
    await forgetPutBack(
      database,
      runId,
      sorted.units.flatMap(({ rows }) => rows),
    )
  }
  return { runId, ...shown(sorted) }
}

async function readRun(input: EntrySource, runId: string): Promise<UndoEntry[]> {
  const { queries } = input.database
  const { rows } = await sql`select 1 from tidegate_runs where id = ${runId}`.execute(queries)
  if (rows.length === 0) {
    throw new TidegateError('journal', 'the journal knows no run of this name', {
      nextStep: 'look at the runs with `tidegate undo --list`',
    })
  }
  return readEntries(input, sql<boolean>`run_id = ${runId}`)
}

/** Entries, newest first, that stand and fall together. */
interface Unit {
  readonly entries: readonly UndoEntry[]
  readonly rows: readonly UndoRow[]
}

interface SortedUnits {
  readonly units: readonly Unit[]
  readonly left: readonly Unit[]
}

/** `moved` are rows of which it is known already that something wrote them in between. */
async function sortUnits(
  input: EntrySource & { readonly catalog: Catalog },
  entries: readonly UndoEntry[],
  moved: ReadonlySet<string>,
): Promise<SortedUnits> {
  const states = await readStates(input, newestOf(entries))
  const units = [...Map.groupBy(entries, unitOf).values()].map((own) => {
    const byRow = Map.groupBy(own, rowOf)
    const rows = [...byRow].map(([row, [newest, ...older]]) =>
      toRow([newest!, ...older], states.get(newest!)!, moved.has(row)),
    )
    return { entries: own, rows }
  })
  const isLeft = ({ rows }: Unit) => rows.some(({ state }) => state !== 'as-left')
  return { units: units.filter((unit) => !isLeft(unit)), left: units.filter(isLeft) }
}

function shown({ units, left }: SortedUnits): Omit<UndoPlan, 'runId'> {
  const rowsOf = ({ rows }: Unit): UndoUnit => ({ rows })
  return { units: units.map(rowsOf), left: left.map(rowsOf) }
}

function unitOf(entry: UndoEntry): string {
  const { table, locator } = entry
  if (table === 'abilities') return JSON.stringify(['channels', { id: locator['channel_id'] }])
  return rowOf(entry)
}

/** All that a run did to one row, newest first. */
function toRow(
  entries: readonly [UndoEntry, ...UndoEntry[]],
  { isFound, holds, name }: EntryState,
  isMoved: boolean,
): UndoRow {
  const [{ table, locator, operation: last }] = entries
  const { operation: first } = entries.at(-1)!
  const columns = [...new Set(entries.flatMap((entry) => entry.columns))]
  const operation = first === 'update' ? INVERSE[last] : INVERSE[first]
  const state =
    holds && !isMoved ? 'as-left' : !isFound ? 'gone' : last === 'delete' ? 'back' : 'changed'
  return { table, locator, name, operation, columns, state }
}
