import { sql } from 'kysely'
import { recordRun, type Run } from '../apply/run.ts'
import type { Database } from '../database/contract.ts'
import type { Row } from '../snapshot/model.ts'

/** What tidegate remembers of a seed. The format is described in docs/seed-state.md. */
export interface SeedRecord {
  readonly name: string
  readonly checksum: string
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly appliedAt: string
}

/** What a seed last applied to one row: the base of a three-way comparison. */
export interface BaseRow {
  readonly seed: string
  /** `channels:bltcy`, `options:ModelPrice`. */
  readonly rowKey: string
  readonly table: string
  /** The row's id in this database, or its key where the table has no id. */
  readonly rowId: string
  /** Canonical JSON of the declared cells; secrets are left out. */
  readonly cells: string
}

export const SEED_STATE_TABLES = ['tidegate_seeds', 'tidegate_base'] as const

export function toSeedRecord({ cells }: Row): SeedRecord {
  const cell = (name: string): string => cells.get(name) ?? ''
  return {
    name: cell('name'),
    checksum: cell('checksum'),
    runId: cell('run_id'),
    appliedAt: cell('applied_at'),
  }
}

export function toBaseRow({ cells }: Row): BaseRow {
  const cell = (name: string): string => cells.get(name) ?? ''
  return {
    seed: cell('seed'),
    rowKey: cell('row_key'),
    table: cell('table_name'),
    rowId: cell('row_id'),
    cells: cell('cells'),
  }
}

/** In the transaction of the rows. */
export async function writeSeedState(
  database: Database,
  run: Run,
  seed: { readonly name: string; readonly checksum: string },
  rows: readonly BaseRow[],
): Promise<void> {
  await recordRun(database, run)
  await sql`
    insert into tidegate_seeds (name, checksum, run_id, applied_at)
    values (${seed.name}, ${seed.checksum}, ${run.id}, ${run.startedAt.toISOString()})
    on conflict (name) do update set
      checksum = excluded.checksum, run_id = excluded.run_id, applied_at = excluded.applied_at
  `.execute(database.queries)
  for (const row of rows) await writeBaseRow(database, run, row)
}

async function writeBaseRow(database: Database, run: Run, row: BaseRow): Promise<void> {
  await sql`
    insert into tidegate_base (seed, row_key, table_name, row_id, cells, run_id)
    values (${row.seed}, ${row.rowKey}, ${row.table}, ${row.rowId}, ${row.cells}, ${run.id})
    on conflict (seed, row_key) do update set
      table_name = excluded.table_name, row_id = excluded.row_id,
      cells = excluded.cells, run_id = excluded.run_id
  `.execute(database.queries)
}
