import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'

/** One invocation that writes. A run that changes nothing leaves no trace. */
export interface Run {
  /** Sorts by time: `20261122T193259123Z-3f9a1c2b`. */
  readonly id: string
  /** `deploy`, `seed apply`, `migrate up`, … */
  readonly command: string
  readonly environment: string
  readonly toolVersion: string
  readonly startedAt: Date
}

export function newRun(facts: Omit<Run, 'id' | 'startedAt'>, startedAt = new Date()): Run {
  const stamp = startedAt.toISOString().replaceAll(/[-:.]/g, '')
  return { ...facts, id: `${stamp}-${randomBytes(4).toString('hex')}`, startedAt }
}

/** Writes the run's row once, inside the caller's transaction. */
export async function recordRun(database: Database, run: Run): Promise<void> {
  await sql`
    insert into tidegate_runs (id, command, environment, tool_version, started_at)
    values (${run.id}, ${run.command}, ${run.environment}, ${run.toolVersion}, ${run.startedAt.toISOString()})
    on conflict (id) do nothing
  `.execute(database.queries)
}
