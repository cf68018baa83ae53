import type { Cells } from '../diff/cells.ts'
import { naturalKey } from '../snapshot/model.ts'
import { abilityKey, type SyncRow, type SyncTable } from './world.ts'

/**
 * Abilities that only the left side has follow from their channel; what else they hold goes with
 * it. Of channels that do not differ there is nothing to make.
 */
export function withOwnCells(tables: readonly SyncTable[]): SyncTable[] {
  const abilities = tables.find(({ shape }) => shape.table === 'abilities')
  if (abilities === undefined) return [...tables]
  const missing = abilities.rows.filter(({ kind }) => kind === 'missing')
  const own = Map.groupBy(missing, ({ parts }) => naturalKey(parts.slice(0, 2)))
  return tables.map((table) => {
    if (table === abilities) return { ...table, rows: table.rows.filter(isChanged) }
    if (table.shape.table !== 'channels') return table
    const rows = table.rows.map((row) => {
      const found = own.get(naturalKey(row.parts)) ?? []
      return { ...row, own: new Map(found.map((one) => ownOf(abilities, one))) }
    })
    return { ...table, rows }
  })
}

function isChanged({ kind }: SyncRow): boolean {
  return kind === 'changed'
}

function ownOf({ columns }: SyncTable, { parts, from }: SyncRow): [string, Cells] {
  const [, , group = '', model = ''] = parts
  const cells = columns.map(({ name }) => [name, from?.texts.get(name) ?? null] as const)
  return [abilityKey(group, model), new Map(cells)]
}
