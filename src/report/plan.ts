import { hideSecrets } from '../gateway/secret-scan.ts'
import { abilityFacts } from './model.ts'
import { planCells } from './plan-cells.ts'
import type {
  LeftFacts,
  PlanFacts,
  PlanRowFacts,
  ReadableItem,
  ReadablePlan,
} from './plan-model.ts'

/** A plan without anything that looks like a secret. */
export function planFacts(plan: ReadablePlan, left: readonly LeftFacts[]): PlanFacts {
  const { from, target, gateway, items } = plan
  const count = (operation: PlanRowFacts['operation']): number =>
    items.filter((item) => item.operation === operation).length
  const { environment, dialect, label } = target
  return {
    from: { name: from.name, kind: from.kind },
    to: { environment, dialect, label },
    gateway,
    counts: {
      insert: count('insert'),
      update: count('update'),
      delete: count('delete'),
      left: left.length,
    },
    rows: items.map(rowFacts),
    left: left.map(({ id, table, key, why, code }) => ({
      id,
      table,
      key: key.map((part) => hideSecrets(part)),
      why: hideSecrets(why),
      code,
    })),
  }
}

export function rowFacts(item: ReadableItem): PlanRowFacts {
  const { id, table, key, operation, reason, source, changes } = item
  return {
    id,
    table,
    key: key.map((part) => hideSecrets(part)),
    operation,
    reason,
    source,
    cells: planCells(item),
    abilities: abilityFacts(changes),
  }
}
