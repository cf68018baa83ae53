import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'

/** One run of the journal. */
export interface JournalRun {
  readonly id: string
  readonly command: string
  readonly environment: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** JSON of a `RestorePoint`; null when there is none. */
  readonly restorePoint: string | null
  /** Entries. */
  readonly rows: number
  /** Of these, undone ones. */
  readonly undone: number
  /** Sorted. */
  readonly tables: readonly string[]
}

interface RawRun {
  readonly id: string
  readonly command: string
  readonly environment: string
  readonly started_at: string
  readonly restore_point?: string | null
}

interface RawCount {
  readonly run_id: string
  readonly table_name: string
  readonly entries: number | string
  readonly undone: number | string
}

/** Every recorded run, newest first. */
export async function listRuns({ queries }: Database): Promise<JournalRun[]> {
  const runs = await sql<RawRun>`select * from tidegate_runs order by id desc`.execute(queries)
  const counts = await sql<RawCount>`
    select run_id, table_name, count(*) as entries, count(undone_by) as undone
    from tidegate_journal group by run_id, table_name order by table_name
  `.execute(queries)
  const byRun = Map.groupBy(counts.rows, (count) => count.run_id)
  return runs.rows.map((run) => {
    const own = byRun.get(run.id) ?? []
    return {
      id: run.id,
      command: run.command,
      environment: run.environment,
      startedAt: run.started_at,
      restorePoint: run.restore_point ?? null,
      rows: sum(own.map(({ entries }) => entries)),
      undone: sum(own.map(({ undone }) => undone)),
      tables: own.map((count) => count.table_name),
    }
  })
}

/**
 * The newest run of which something is not undone, or null. Undoing again what was undone is for
 * those who name that run.
 */
export function newestToUndo(runs: readonly JournalRun[]): JournalRun | null {
  return runs.find(({ command, rows, undone }) => command !== 'undo' && undone < rows) ?? null
}

function sum(numbers: readonly (number | string)[]): number {
  return numbers.reduce<number>((total, number) => total + Number(number), 0)
}
