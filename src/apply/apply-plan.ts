import type { Catalog, Database, LockOptions } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import type { Change } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { deleteBaseRow, writeBaseRow, writeSeedRecord } from './memory.ts'
import type { Plan, PlanItem } from './plan.ts'
import { rowKey } from './row-key.ts'
import { recordRun, type Run } from './run.ts'
import type { SecretValues } from './secrets.ts'
import { checkChanges, writeChanges } from './writer.ts'

export interface ApplyPlanInput {
  readonly database: Database
  readonly catalog: Catalog
  /** The one of the plan's `keyId`; null when that is null. */
  readonly fingerprinter: Fingerprinter | null
  readonly plan: Plan
  readonly secrets: SecretValues
  readonly run: Run
  readonly lock: LockOptions
}

/**
 * Writes a plan and what tidegate remembers of it, in one transaction. A plan with nothing in it
 * takes no lock.
 * @throws StaleError when a row is no longer what the plan saw; nothing is written then.
 */
export async function applyPlan(input: ApplyPlanInput): Promise<void> {
  const { database, plan, lock } = input
  const { items, memory, forgotten, seeds } = plan
  if (items.length + memory.length + forgotten.length + seeds.length === 0) return
  await database.withLock(lock, () =>
    retryTransaction(() => database.transaction(() => writePlan(input))),
  )
}

async function writePlan(input: ApplyPlanInput): Promise<void> {
  const { database, plan, run } = input
  await recordRun(database, run)
  const ids = await checkChanges({ ...input, changes: changesOf(plan.items) })
  for (const [source, items] of bySource(plan.items)) {
    await writeChanges({ ...input, changes: changesOf(items), source }, ids)
  }
  for (const row of plan.memory) {
    const rowId = row.rowId ?? ids.get(rowKey(row.table, row.key))
    if (rowId === undefined) throw new TidegateError('internal', 'an inserted row has no id')
    await writeBaseRow(database, run, { ...row, rowId })
  }
  for (const row of plan.forgotten) await deleteBaseRow(database, row)
  for (const seed of plan.seeds) await writeSeedRecord(database, run, seed)
}

function changesOf(items: readonly PlanItem[]): Change[] {
  return items.flatMap(({ changes }) => changes)
}

/** Sources in the order in which they first occur; each keeps the order of its items. */
function bySource(items: readonly PlanItem[]): Map<string, PlanItem[]> {
  return Map.groupBy(items, ({ source }) => source)
}
