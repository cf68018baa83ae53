import type { PlanItem, Remembered } from '../apply/plan.ts'
import { naturalKey } from '../snapshot/model.ts'
import { rowKeyOf } from './merge-table.ts'
import { agreedCells, memorable } from './remember.ts'
import type { Forgotten, SyncWorld } from './world.ts'

const TABLE = 'abilities'

/** Natural keys of the abilities that go with a channel. */
export function removedAbilities({ changes }: PlanItem): string[][] {
  const channel = JSON.parse(changes[0].key) as string[]
  return changes.flatMap((change) => {
    if (change.kind !== 'rebuild') return []
    return change.remove.map(({ cells }) => [
      ...channel,
      cells.get('group') ?? '',
      cells.get('model') ?? '',
    ])
  })
}

export function forgottenAbilities(world: SyncWorld, item: PlanItem): Forgotten[] {
  return removedAbilities(item)
    .map((parts) => rowKeyOf(TABLE, parts))
    .filter((rowKey) => world.abilities.has(rowKey))
    .map((rowKey) => ({ seed: world.seed, rowKey }))
}

/** What new abilities hold besides what follows from their channel. */
export function rememberedAbilities(
  { seed, tables }: SyncWorld,
  { changes }: PlanItem,
): Remembered[] {
  const table = tables.find(({ shape }) => shape.table === TABLE)
  if (table === undefined) return []
  const { shape, columns } = table
  return changes.flatMap((change) => {
    if (change.kind !== 'rebuild') return []
    return change.insert.flatMap(({ group, model, own }) => {
      if (own === undefined) return []
      const parts = [...(JSON.parse(change.key) as string[]), group, model]
      const key = naturalKey(parts)
      const cells = agreedCells({ columns, cells: memorable(shape, own), open: [], base: null })
      return [{ seed, rowKey: rowKeyOf(TABLE, parts), table: TABLE, key, rowId: key, cells }]
    })
  })
}
