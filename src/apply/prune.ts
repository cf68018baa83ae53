import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'

export interface Retention {
  /** The newest so many runs are kept. */
  readonly keepRuns: number
  /** Of these, those that began within so many days. */
  readonly keepDays: number
}

export interface Pruned {
  readonly runs: number
  readonly entries: number
}

const DAY_MS = 86_400_000

/**
 * Deletes what the journal keeps of runs beyond either limit. The newest run stays in any case, and
 * so does what migrations wrote: `migrate down` needs it. Nothing to delete takes no lock.
 * @returns how many entries went, and how many runs with nothing left of them.
 */
export async function pruneJournal(
  database: Database,
  retention: Retention,
  now: Date,
): Promise<Pruned> {
  const oldest = await oldestKept(database, retention, now)
  if (oldest === null) return { runs: 0, entries: 0 }
  return retryTransaction(() => database.transaction(() => deleteBefore(database, oldest)))
}

/** Null when no run is older than the oldest one to keep. */
async function oldestKept(
  { queries }: Database,
  { keepRuns, keepDays }: Retention,
  now: Date,
): Promise<string | null> {
  const { rows } = await sql<{ id: string; started_at: string }>`
    select id, started_at from tidegate_runs order by id desc
  `.execute(queries)
  const since = new Date(now.getTime() - keepDays * DAY_MS).toISOString()
  const end = rows.findIndex(({ started_at: at }, index) => {
    return index > 0 && (index >= keepRuns || at < since)
  })
  return rows[end - 1]?.id ?? null
}

const PRUNABLE = sql`source not like 'migration:%'`

async function deleteBefore({ queries }: Database, oldest: string): Promise<Pruned> {
  const entries = await sql`
    delete from tidegate_journal where run_id < ${oldest} and ${PRUNABLE}
  `.execute(queries)
  const runs = await sql`
    delete from tidegate_runs where id < ${oldest}
      and not exists (select 1 from tidegate_journal where run_id = tidegate_runs.id)
  `.execute(queries)
  return { entries: Number(entries.numAffectedRows), runs: Number(runs.numAffectedRows) }
}
