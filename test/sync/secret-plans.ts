import type { Plan, PlanItem, SecretUse } from '../../src/apply/plan.ts'
import type { SecretReference } from '../../src/apply/secrets.ts'
import { type CellChange, insertChange, updateChange } from '../../src/diff/change.ts'
import { type Cell, naturalKey } from '../../src/snapshot/model.ts'

const CELL = { before: null, after: 'set', difference: 'different', secret: true } as const

export function cell(column: string, cells: Partial<CellChange> = {}): CellChange {
  return { ...CELL, column, ...cells }
}

export interface RowOfPlan {
  readonly key: readonly Cell[]
  readonly table?: string
  readonly cells: readonly CellChange[]
  readonly uses: Readonly<Record<string, SecretReference>>
  readonly update?: boolean
}

/** One row as the planner leaves it. */
export function item({
  table = 'channels',
  key,
  cells,
  uses,
  update = false,
}: RowOfPlan): PlanItem {
  const change = update
    ? updateChange(table, naturalKey(key), { id: '1' }, cells)
    : insertChange(table, naturalKey(key), cells)
  const secrets = Object.entries(uses).map(([column, reference]): SecretUse => ({
    column,
    reference,
  }))
  return {
    id: '0123456789ab',
    table,
    key: key.map((part) => part ?? ''),
    operation: update ? 'update' : 'insert',
    reason: 'missing',
    source: 'push:local',
    changes: [change!],
    secrets,
  }
}

export function planOf(rows: readonly RowOfPlan[], keyId: string | null = null): Plan {
  return {
    command: 'push',
    from: { name: 'local', kind: 'database' },
    target: { environment: 'test', dialect: 'sqlite', label: 'test', id: '0'.repeat(16) },
    gateway: null,
    keyId,
    items: rows.map(item),
    memory: [],
    forgotten: [],
    seeds: [],
  }
}
