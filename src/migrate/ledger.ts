import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import { isMissingTable } from '../database/missing-table.ts'

/** The history of migrations. The format is described in docs/ledger.md. */

export const RECORD_STATES = ['applied', 'started'] as const

export interface LedgerRecord {
  readonly name: string
  readonly checksum: string
  /** `started`: a non-transactional migration began and has not finished. */
  readonly state: (typeof RECORD_STATES)[number]
  /** ISO 8601, UTC. */
  readonly appliedAt: string
  readonly durationMs: number
  readonly runId: string
  readonly toolVersion: string
  readonly notes: ReadonlyMap<string, string>
  /** Why a person changed the record by `repair` or `baseline`; null when the runner wrote it. */
  readonly reason: string | null
}

export function isApplied(record: LedgerRecord): boolean {
  return record.state === 'applied'
}

interface RawRecord {
  readonly name: string
  readonly checksum: string
  readonly state: LedgerRecord['state']
  readonly applied_at: string
  readonly duration_ms: number | string | bigint
  readonly run_id: string
  readonly tool_version: string
  readonly notes: string
  readonly reason: string | null
}

/** One query. A database without a ledger has an empty one. */
export async function readLedger(database: Database): Promise<LedgerRecord[]> {
  try {
    const { rows } = await sql<RawRecord>`
      select name, checksum, state, applied_at, duration_ms, run_id, tool_version, notes, reason
      from tidegate_ledger
    `.execute(database.queries)
    return rows.map(toRecord).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (isMissingTable(error)) return []
    throw error
  }
}

function toRecord(row: RawRecord): LedgerRecord {
  return {
    name: row.name,
    checksum: row.checksum,
    state: row.state,
    appliedAt: row.applied_at,
    durationMs: Number(row.duration_ms),
    runId: row.run_id,
    toolVersion: row.tool_version,
    notes: new Map(Object.entries(JSON.parse(row.notes) as Record<string, string>)),
    reason: row.reason,
  }
}

/** Under the run's lock only: `IF NOT EXISTS` alone is not safe against two at once. */
export async function ensureLedger(database: Database): Promise<void> {
  await sql`
    create table if not exists tidegate_ledger (
      name text not null primary key,
      checksum text not null,
      state text not null,
      applied_at text not null,
      duration_ms bigint not null,
      run_id text not null,
      tool_version text not null,
      notes text not null,
      reason text
    )
  `.execute(database.queries)
}

/** In the transaction of the effects. */
export async function writeRecord(database: Database, record: LedgerRecord): Promise<void> {
  const notes = JSON.stringify(Object.fromEntries(record.notes))
  await sql`
    insert into tidegate_ledger
      (name, checksum, state, applied_at, duration_ms, run_id, tool_version, notes, reason)
    values (
      ${record.name}, ${record.checksum}, ${record.state}, ${record.appliedAt},
      ${record.durationMs}, ${record.runId}, ${record.toolVersion}, ${notes}, ${record.reason}
    )
    on conflict (name) do update set
      checksum = excluded.checksum, state = excluded.state, applied_at = excluded.applied_at,
      duration_ms = excluded.duration_ms, run_id = excluded.run_id,
      tool_version = excluded.tool_version, notes = excluded.notes, reason = excluded.reason
  `.execute(database.queries)
}

/** In the transaction of the reverted effects. */
export async function deleteRecord(database: Database, name: string): Promise<void> {
  await sql`delete from tidegate_ledger where name = ${name}`.execute(database.queries)
}
