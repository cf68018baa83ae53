import { rowKey } from '../apply/row-key.ts'
import { applyChanges } from '../apply/writer.ts'
import type { Run } from '../apply/run.ts'
import type { Database, LockOptions } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import { StaleError, TidegateError } from '../errors.ts'
import { planSeeds, type SeedPlan, type SeedPlanInput, type SeedPlans } from './plan.ts'
import { writeSeedState } from './state.ts'
import type { BaseRow } from '../apply/memory.ts'

/** Plans are made anew when a row changed between plan and write; more often is no coincidence. */
const PLAN_ATTEMPTS = 5

export interface SeedApplyInput extends Omit<SeedPlanInput, 'database'> {
  readonly database: Database
  readonly run: Run
  readonly lock: LockOptions
}

export interface SeedApplyResult {
  /** Per seed the plan that this run wrote, or the one that found nothing to write. */
  readonly plans: readonly SeedPlan[]
  readonly version: SeedPlans['version']
  readonly catalog: SeedPlans['catalog']
  /** The database was read again after the last write and holds what is declared. */
  readonly verified: true
}

/**
 * Applies every seed, each in one transaction with what tidegate remembers of it. When nothing
 * differs nothing is written and no lock is taken. Afterwards the rows are read again.
 * @throws StaleError when the rows keep changing under the run, TidegateError `seed` when they are
 *   not what was declared after all.
 */
export async function applySeeds(input: SeedApplyInput): Promise<SeedApplyResult> {
  const first = await planSeeds(input)
  if (first.plans.every((plan) => plan.isSettled)) return result(first, new Map())
  return input.database.withLock(input.lock, async () => {
    const written = new Map<string, SeedPlan>()
    for (let attempt = 1; ; attempt += 1) {
      const planned = await planSeeds(input)
      if (planned.plans.every((plan) => plan.isSettled)) return result(planned, written)
      if (attempt > PLAN_ATTEMPTS) throw unsettled(planned.plans)
      await applyOpen(input, planned, written)
    }
  })
}

function result(last: SeedPlans, written: ReadonlyMap<string, SeedPlan>): SeedApplyResult {
  const plans = last.plans.map((plan) => written.get(plan.seed.name) ?? plan)
  return { plans, version: last.version, catalog: last.catalog, verified: true }
}

/** A stale plan ends this round; the next one plans anew. */
async function applyOpen(
  input: SeedApplyInput,
  planned: SeedPlans,
  written: Map<string, SeedPlan>,
): Promise<void> {
  try {
    for (const plan of planned.plans.filter(({ isSettled }) => !isSettled)) {
      const ids = await retryTransaction(() => applyOne(input, planned, plan))
      const rows = plan.rows.map((row, index) => ({ ...row, rowId: ids[index]! }))
      written.set(plan.seed.name, { ...plan, rows })
    }
  } catch (error) {
    if (!(error instanceof StaleError)) throw error
  }
}

/** @returns the id of every row of the plan, in its order. */
function applyOne(
  { database, fingerprinter, run }: SeedApplyInput,
  { catalog, secrets }: SeedPlans,
  { seed, changes, rows }: SeedPlan,
): Promise<string[]> {
  return database.transaction(async () => {
    const source = `seed:${seed.name}`
    const ids = await applyChanges({
      database,
      catalog,
      fingerprinter,
      changes,
      secrets,
      run,
      source,
    })
    const base = rows.map((row): BaseRow => {
      const rowId = row.rowId ?? ids.get(rowKey(row.base.table, row.key))
      if (rowId === undefined) throw new TidegateError('internal', 'an inserted row has no id')
      return { ...row.base, rowId }
    })
    await writeSeedState(database, run, seed, base)
    return base.map(({ rowId }) => rowId)
  })
}

function unsettled(plans: readonly SeedPlan[]): TidegateError {
  const names = plans.filter(({ isSettled }) => !isSettled).map(({ seed }) => seed.name)
  return new TidegateError(
    'stale',
    `after ${PLAN_ATTEMPTS} rounds these seeds are still not as declared: ${names.join(', ')}`,
    {
      nextStep:
        'look for a program, or another seed, that writes the same rows, then run the command again',
    },
  )
}
