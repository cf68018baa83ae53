import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import type { Row } from '../snapshot/model.ts'
import type { Run } from './run.ts'

/** What was last applied to one row: the base of a three-way comparison. See docs/seed-state.md. */
export interface BaseRow {
  /** Who wrote it: a seed's name, `push`, `pull:production`. */
  readonly seed: string
  /** `channels:bltcy`, `options:ModelPrice`; of push and pull the natural key: `channels:["a","1"]`. */
  readonly rowKey: string
  readonly table: string
  /** The row's id in this database, or its key where the table has no id. */
  readonly rowId: string
  /** Canonical JSON of the cells; secrets are left out. */
  readonly cells: string
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

/** In the transaction of the row. */
export async function writeBaseRow(database: Database, run: Run, row: BaseRow): Promise<void> {
  await sql`
    insert into tidegate_base (seed, row_key, table_name, row_id, cells, run_id)
    values (${row.seed}, ${row.rowKey}, ${row.table}, ${row.rowId}, ${row.cells}, ${run.id})
    on conflict (seed, row_key) do update set
      table_name = excluded.table_name, row_id = excluded.row_id,
      cells = excluded.cells, run_id = excluded.run_id
  `.execute(database.queries)
}

export async function deleteBaseRow(
  { queries }: Database,
  { seed, rowKey }: Pick<BaseRow, 'seed' | 'rowKey'>,
): Promise<void> {
  await sql`delete from tidegate_base where seed = ${seed} and row_key = ${rowKey}`.execute(queries)
}

/** In the transaction of the seed's rows. */
export async function writeSeedRecord(
  { queries }: Database,
  run: Run,
  seed: { readonly name: string; readonly checksum: string },
): Promise<void> {
  await sql`
    insert into tidegate_seeds (name, checksum, run_id, applied_at)
    values (${seed.name}, ${seed.checksum}, ${run.id}, ${run.startedAt.toISOString()})
    on conflict (name) do update set
      checksum = excluded.checksum, run_id = excluded.run_id, applied_at = excluded.applied_at
  `.execute(queries)
}
