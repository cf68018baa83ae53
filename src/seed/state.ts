import { type BaseRow, writeBaseRow, writeSeedRecord } from '../apply/memory.ts'
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

/** In the transaction of the rows. */
export async function writeSeedState(
  database: Database,
  run: Run,
  seed: { readonly name: string; readonly checksum: string },
  rows: readonly BaseRow[],
): Promise<void> {
  await recordRun(database, run)
  await writeSeedRecord(database, run, seed)
  for (const row of rows) await writeBaseRow(database, run, row)
}
