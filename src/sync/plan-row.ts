import type { PlanItem, Remembered } from '../apply/plan.ts'
import { naturalKey } from '../snapshot/model.ts'
import { deletedRow, insertedRow } from './build-row.ts'
import { judgeRow } from './decide.ts'
import { rowKeyOf } from './merge-table.ts'
import { insertObstacle, obstacleOf } from './obstacles.ts'
import { planUpdate } from './plan-update.ts'
import {
  itemOf,
  leave,
  NOTHING,
  type PlannedRow,
  type RowContext,
  unselected,
} from './planned-row.ts'
import { agreedCells, memorable } from './remember.ts'
import { insertedSecrets } from './row-secrets.ts'
import { idOf, type RowChoice } from './select.ts'
import * as sentences from './sentences.ts'
import type { SyncRow } from './world.ts'

export function planRow(context: RowContext, row: SyncRow): PlannedRow {
  const { world, table, selection } = context
  const choice = selection.of(table, row)
  if (row.kind === 'duplicate') {
    return leave(context, row, 'duplicate', sentences.repeated(world, row.side, row.count))
  }
  if (row.apart !== null) {
    if (!choice.isNamed) return NOTHING
    return leave(context, row, 'secret', sentences.setApart(row.apart))
  }
  if (row.fault !== null) return leave(context, row, 'unreadable', row.fault)
  if (row.kind === 'missing') return planInsert(context, row, choice)
  if (row.kind === 'extra') return planDelete(context, row, choice)
  return planUpdate(context, row, choice)
}

function planInsert(context: RowContext, row: SyncRow, choice: RowChoice): PlannedRow {
  const { world, table, inserted } = context
  if (!choice.isSelected || choice.columns !== null) return unselected(context, row)
  const id = idOf(table.shape.table, row)
  const found = judgeRow(table, row)
  if (found === 'drift' && !context.choice.overwrite && !choice.isNamed) {
    return leave(context, row, 'drift', sentences.deletedThere(world, id))
  }
  const columns = new Set(table.shape.columns.map(({ name }) => name))
  const obstacle =
    obstacleOf({ world, table, row, columns, inserted }) ?? insertObstacle({ world, table })
  if (obstacle !== null) return leave(context, row, obstacle.code, obstacle.why)
  const secrets = insertedSecrets(world, table, row, context.choice.references)
  if (secrets.lacksKey && table.shape.table !== 'channels') {
    return leave(context, row, 'secret', sentences.keyless(world))
  }
  const changes = insertedRow(table, row, secrets.cells)
  if (changes === null) return NOTHING
  const reason = found === 'drift' ? 'drift' : 'missing'
  const item = itemOf(context, row, { operation: 'insert', reason, changes, secrets: secrets.uses })
  if (context.choice.picked?.(item, null) === false) return unselected(context, row)
  const { lacksKey } = secrets
  const warnings = secrets.lost.map(
    (column) => `${placeOf(item)} is made without its ${column}, which only ${world.from.name} has`,
  )
  return { ...NOTHING, item, memory: insertedMemory(context, row), lacksKey, warnings }
}

function insertedMemory({ world, table }: RowContext, row: SyncRow): Remembered {
  const { shape, columns } = table
  const cells = memorable(shape, row.from!.cells)
  return {
    seed: world.seed,
    rowKey: rowKeyOf(shape.table, row.parts),
    table: shape.table,
    key: naturalKey(row.parts),
    rowId: null,
    cells: agreedCells({ columns, cells, open: [], base: null }),
  }
}

function planDelete(context: RowContext, row: SyncRow, choice: RowChoice): PlannedRow {
  const { world, table } = context
  const isAsked = choice.isById || (context.choice.delete && choice.isSelected)
  const id = idOf(table.shape.table, row)
  if (!row.isOwned || !isAsked) {
    if (!choice.isSelected) return NOTHING
    return leave(context, row, 'extra', sentences.extraThere(world, row.isOwned, id))
  }
  const isChanged = judgeRow(table, row) === 'conflict'
  if (isChanged && !context.choice.overwrite && !choice.isNamed) {
    return leave(context, row, 'conflict', sentences.changedBeforeDelete(world, id))
  }
  const changes = deletedRow(table, row)
  if (changes === null) return NOTHING
  const item = itemOf(context, row, { operation: 'delete', reason: 'extra', changes, secrets: [] })
  if (context.choice.picked?.(item, null) === false) return unselected(context, row)
  const forgotten = row.forgets.map(({ seed, rowKey }) => ({ seed, rowKey }))
  return { ...NOTHING, item, forgotten }
}

function placeOf({ table, key }: PlanItem): string {
  return `${table} ${JSON.stringify(key[0] ?? '')}`
}
