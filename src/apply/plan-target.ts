import type { Catalog } from '../database/contract.ts'
import type { Change } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import { recogniseVersion } from '../gateway/versions.ts'
import type { Plan, TargetIdentity } from './plan.ts'

/**
 * @throws TidegateError `plan` when the database is not the one that the plan was made for, its
 *   gateway is of another version, or it lacks a column that the plan writes.
 */
export function assertTarget(plan: Plan, target: TargetIdentity, catalog: Catalog): void {
  if (target.environment !== plan.target.environment || target.id !== plan.target.id) {
    throw misplaced(
      `the plan is for another database: ${describe(plan.target)}, not ${describe(target)}`,
      'apply it where it was made for, or make one for this database',
    )
  }
  const gateway = recogniseVersion(catalog)?.label ?? null
  if (gateway !== plan.gateway) {
    throw misplaced(
      `the plan is for ${plan.gateway ?? 'an unknown gateway'}, and the database is that of ${gateway ?? 'an unknown one'}`,
      'make the plan anew: the gateway was changed after it was made',
    )
  }
  const missing = plan.items
    .flatMap(({ changes }) => changes)
    .flatMap(columnsOf)
    .find(([table, column]) => !catalog.get(table)?.has(column))
  if (missing === undefined) return
  throw misplaced(
    `the plan writes ${missing.join('.')}, which the database does not have`,
    'make the plan anew: the gateway was changed after it was made',
  )
}

function describe({ environment, label }: TargetIdentity): string {
  return `${environment} (${label})`
}

function columnsOf(change: Change): (readonly [table: string, column: string])[] {
  if (change.kind !== 'rebuild') return change.cells.map(({ column }) => [change.table, column])
  const own = change.insert.flatMap((ability) => [...(ability.own?.keys() ?? [])])
  return own.map((column) => [change.table, column])
}

function misplaced(message: string, nextStep: string): TidegateError {
  return new TidegateError('plan', `${message}; nothing was written`, { nextStep })
}
