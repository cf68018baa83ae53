import type { PlanItem, PlanReason, Remembered } from '../apply/plan.ts'
import type { CellDifference } from '../diff/cells.ts'
import { naturalKey } from '../snapshot/model.ts'
import { updatedRow } from './build-row.ts'
import { type Decision, decideCells, type JudgedCell } from './decide.ts'
import { rowKeyOf } from './merge-table.ts'
import { obstacleOf } from './obstacles.ts'
import type { LeftRow } from './choice.ts'
import {
  itemOf,
  leftRow,
  NOTHING,
  type PlannedRow,
  type RowContext,
  unselected,
} from './planned-row.ts'
import { rowIdOf } from './read-target.ts'
import { agreedCells, memorable } from './remember.ts'
import { type RowSecrets, updatedSecrets } from './row-secrets.ts'
import { idOf, type RowChoice } from './select.ts'
import * as sentences from './sentences.ts'
import type { SyncRow } from './world.ts'

/** The worst of its cells gives the reason for a row. */
const REASONS = ['conflict', 'drift', 'pending', 'different', 'unmanaged'] as const

/** A row that both sides have. */
export function planUpdate(context: RowContext, row: SyncRow, choice: RowChoice): PlannedRow {
  const { world, table, inserted, removed } = context
  // Its channel does not have it any more.
  if (removed.has(naturalKey(row.parts))) return NOTHING
  const decision = decideCells(table, row, { choice, overwrite: context.choice.overwrite })
  const columns = new Set(decision.written.map(({ difference }) => difference.column))
  const obstacle = obstacleOf({ world, table, row, columns, inserted })
  if (obstacle !== null) {
    const { written, kept, unselected } = decision
    const memory = memoryOf(context, row, [...written, ...kept, ...unselected], false)
    return { ...NOTHING, memory, left: [leftRow(context, row, obstacle.code, obstacle.why)] }
  }
  const isChosen = (column: string): boolean =>
    choice.isSelected && (choice.columns === null || choice.columns.has(column))
  const secrets = updatedSecrets(table, row, context.choice.references, isChosen)
  return pick(context, row, decision, secrets)
}

function pick(
  context: RowContext,
  row: SyncRow,
  decision: Decision,
  secrets: RowSecrets,
): PlannedRow {
  const item = updatedItem(context, row, decision.written, secrets)
  const { picked } = context.choice
  if (item === null || picked === null) return finish(context, row, decision, item)
  // A plan names a reference by its column, a difference by what it shows.
  const columns = new Map(context.table.columns.map(({ name, column }) => [name, column]))
  const isPicked = (name: string): boolean => picked(item, columns.get(name) ?? name)
  const written = decision.written.filter(({ difference }) => isPicked(difference.column))
  const others = decision.written.filter((cell) => !written.includes(cell))
  const cells = secrets.cells.filter(({ column }) => isPicked(column))
  const rest: Decision = { ...decision, written, unselected: [...decision.unselected, ...others] }
  return finish(context, row, rest, updatedItem(context, row, written, { ...secrets, cells }))
}

function updatedItem(
  context: RowContext,
  row: SyncRow,
  written: readonly JudgedCell[],
  secrets: RowSecrets,
): PlanItem | null {
  const differences = written.map(({ difference }) => difference)
  const changes = updatedRow(context.table, row, differences, secrets.cells)
  if (changes === null) return null
  const cells = new Set(secrets.cells.map(({ column }) => column))
  const uses = secrets.uses.filter(
    ({ column, reference }) => reference.kind === 'keep' || cells.has(column),
  )
  const reason: PlanReason =
    REASONS.find((one) => written.some((cell) => cell.class === one)) ?? 'different'
  return itemOf(context, row, { operation: 'update', reason, changes, secrets: uses })
}

function finish(
  context: RowContext,
  row: SyncRow,
  decision: Decision,
  item: PlanItem | null,
): PlannedRow {
  const left = [
    ...keptRows(context, row, decision.kept),
    ...(decision.unselected.length > 0 ? unselected(context, row).left : []),
  ]
  const open = [...decision.kept, ...decision.unselected]
  return { ...NOTHING, item, left, memory: memoryOf(context, row, open, item !== null) }
}

function keptRows(context: RowContext, row: SyncRow, kept: readonly JudgedCell[]): LeftRow[] {
  const { world, table } = context
  const id = idOf(table.shape.table, row)
  const of = (isWanted: (cell: JudgedCell) => boolean): JudgedCell[] => kept.filter(isWanted)
  const drift = of((cell) => cell.class === 'drift')
  const conflict = of((cell) => cell.class === 'conflict')
  const extra = of((cell) => cell.class !== 'drift' && cell.class !== 'conflict')
  const rows: LeftRow[] = []
  if (conflict.length > 0) {
    const why = sentences.changedOnBoth(world, conflict, id)
    rows.push(leftRow(context, row, 'conflict', why))
  }
  if (drift.length > 0) {
    rows.push(leftRow(context, row, 'drift', sentences.changedThere(world, drift, id)))
  }
  if (extra.length > 0) {
    rows.push(leftRow(context, row, 'extra', sentences.membersThere(world, extra, id)))
  }
  return rows
}

/** A push remembers what it writes, a pull whatever both sides share. */
function memoryOf(
  { world, table }: RowContext,
  row: SyncRow,
  open: readonly JudgedCell[],
  isWritten: boolean,
): Remembered | null {
  if (world.command === 'push' && !isWritten) return null
  const { shape, columns } = table
  const differences: CellDifference[] = open.map(({ difference }) => difference)
  const cells = memorable(shape, row.from!.cells)
  const base = row.base?.cells ?? null
  const agreed = agreedCells({ columns, cells, open: differences, base })
  if (agreed === row.remembered) return null
  return {
    seed: world.seed,
    rowKey: rowKeyOf(shape.table, row.parts),
    table: shape.table,
    key: naturalKey(row.parts),
    rowId: rowIdOf(row.target!.current),
    cells: agreed,
  }
}
