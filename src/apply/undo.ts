import { sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import { recordRun, type Run } from './run.ts'
import { readEntries } from './undo-entry.ts'
import { readStates } from './undo-state.ts'
import { lockRows, MovedError, newestOf, undoEntries } from './undo-write.ts'

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
 * @throws StaleError when a row no longer holds what the source wrote, TidegateError `journal` when
 *   the journal was altered; nothing is undone then.
 */
export async function undoSource({ database, catalog, run, source }: UndoInput): Promise<number> {
  const input = { database, catalog, run, journalKey: run.journalKey, journal: null }
  const entries = await readEntries(input, sql<boolean>`source = ${source}`)
  if (entries.length === 0) return 0
  await recordRun(database, run)
  await lockRows(input, entries)
  const states = await readStates(input, newestOf(entries))
  const moved = [...states].filter(([, { holds }]) => !holds).map(([entry]) => entry)
  if (moved.length > 0) throw new MovedError(moved)
  await undoEntries(input, entries)
  return entries.length
}
