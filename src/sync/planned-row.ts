import type { PlanItem, PlanReason, Remembered } from '../apply/plan.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { LeftRow, SyncChoice } from './choice.ts'
import { idOf, type Selection } from './select.ts'
import type { Forgotten, SyncRow, SyncTable, SyncWorld } from './world.ts'

export interface RowContext {
  readonly world: SyncWorld
  readonly choice: SyncChoice
  readonly selection: Selection
  readonly table: SyncTable
  /** Rows that the plan inserts, by `presentKey`. */
  readonly inserted: ReadonlySet<string>
  /** Natural keys of abilities that the plan removes. */
  readonly removed: ReadonlySet<string>
}

/** What becomes of one row that differs. */
export interface PlannedRow {
  readonly item: PlanItem | null
  readonly left: readonly LeftRow[]
  readonly memory: Remembered | null
  readonly forgotten: readonly Forgotten[]
  readonly warnings: readonly string[]
  readonly lacksKey: boolean
}

export const NOTHING: PlannedRow = {
  item: null,
  left: [],
  memory: null,
  forgotten: [],
  warnings: [],
  lacksKey: false,
}

interface ItemParts extends Pick<PlanItem, 'operation' | 'changes' | 'secrets'> {
  readonly reason: PlanReason
}

export function itemOf({ world, table }: RowContext, row: SyncRow, parts: ItemParts): PlanItem {
  return {
    id: idOf(table.shape.table, row),
    table: table.shape.table,
    key: row.parts.map((part) => hideSecrets(part)),
    source: `${world.command}:${world.from.name}`,
    ...parts,
  }
}

export function leftRow(
  { table }: RowContext,
  row: SyncRow,
  code: LeftRow['code'],
  why: string,
): LeftRow {
  const key = row.parts.map((part) => hideSecrets(part))
  return { id: idOf(table.shape.table, row), table: table.shape.table, key, why, code }
}

export function unselected(context: RowContext, row: SyncRow): PlannedRow {
  return leave(context, row, 'unselected', 'it was not selected')
}

export function leave(
  context: RowContext,
  row: SyncRow,
  code: LeftRow['code'],
  why: string,
): PlannedRow {
  return { ...NOTHING, left: [leftRow(context, row, code, why)] }
}
