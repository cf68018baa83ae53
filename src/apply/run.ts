import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import type { JournalKey } from './journal-key.ts'

/** One invocation that writes. A run that changes nothing leaves no trace. */
export interface Run {
  /** Sorts by time: `20261122T193259123Z-3f9a1c2b`. */
  readonly id: string
  /** `deploy`, `seed apply`, `migrate up`, … */
  readonly command: string
  readonly environment: string
  readonly toolVersion: string
  readonly startedAt: Date
  /** With it the journal keeps no secret in the clear, and its digests cannot be forged. */
  readonly journalKey?: JournalKey
}

export function newRun(facts: Omit<Run, 'id' | 'startedAt'>, startedAt = new Date()): Run {
  const stamp = startedAt.toISOString().replaceAll(/[-:.]/g, '')
  return { ...facts, id: `${stamp}-${randomBytes(4).toString('hex')}`, startedAt }
}

/** Writes the run's row once, inside the caller's transaction, with the restore point before it. */
export async function recordRun(database: Database, run: Run): Promise<void> {
  const { queries, restorePoint } = database
  const { id, command, environment, toolVersion, startedAt } = run
  const { numAffectedRows } = await sql`
    insert into tidegate_runs (id, command, environment, tool_version, started_at)
    values (${id}, ${command}, ${environment}, ${toolVersion}, ${startedAt.toISOString()})
    on conflict (id) do nothing
  `.execute(queries)
  if (numAffectedRows === 0n || restorePoint === null) return
  // The migration that adds the column may not have run yet.
  const { rows } = await sql<object>`select * from tidegate_runs where id = ${id}`.execute(queries)
  if (!('restore_point' in rows[0]!)) return
  await sql`
    update tidegate_runs set restore_point = ${JSON.stringify(restorePoint)} where id = ${id}
  `.execute(queries)
}

/** Whether the run has written something: its row is written in the transaction of its effects. */
export async function isRecorded({ queries }: Database, { id }: Run): Promise<boolean> {
  const { rows } = await sql`select 1 from tidegate_runs where id = ${id}`.execute(queries)
  return rows.length > 0
}
