import type { Catalog, Database, LockOptions } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import { TidegateError } from '../errors.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { deleteBaseRow, writeBaseRow, writeSeedRecord } from './memory.ts'
import type { Plan, PlanItem } from './plan.ts'
import { recordRun, type Run } from './run.ts'
import type { SecretValues } from './secrets.ts'
import { applyChanges } from './writer.ts'

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
  const inserted = new Map<string, string>()
  for (const [source, items] of bySource(plan.items)) {
    const changes = items.flatMap((item) => item.changes)
    const ids = await applyChanges({ ...input, changes, source })
    for (const [key, id] of ids) inserted.set(key, id)
  }
  for (const row of plan.memory) {
    const rowId = row.rowId ?? inserted.get(row.key)
    if (rowId === undefined) throw new TidegateError('internal', 'an inserted row has no id')
    await writeBaseRow(database, run, { ...row, rowId })
  }
  for (const row of plan.forgotten) await deleteBaseRow(database, row)
  for (const seed of plan.seeds) await writeSeedRecord(database, run, seed)
}

/** Sources in the order in which they first occur; each keeps the order of its items. */
function bySource(items: readonly PlanItem[]): Map<string, PlanItem[]> {
  return Map.groupBy(items, ({ source }) => source)
}
