import {
  type Cell,
  type Cells,
  derive,
  type Difference,
  membersOf,
  SOURCE_COLUMNS,
  writeMap,
} from './model-cells.ts'
import type { NamedRow } from './model-state.ts'

export interface Ask {
  readonly command: 'push' | 'pull'
  readonly overwrite: boolean
  readonly delete: boolean
}

export interface PlannedAbilities {
  /** The channel's cells that they follow from; null when it is deleted. */
  readonly source: Cells | null
  readonly insert: readonly string[]
  /** As they are, by group and model. */
  readonly update: ReadonlyMap<string, Cells>
  readonly remove: ReadonlyMap<string, Cells>
}

export interface PlannedItem {
  readonly operation: 'insert' | 'update' | 'delete'
  readonly table: string
  readonly name: string
  readonly reason: string
  /** Null for a new row. */
  readonly target: NamedRow | null
  /** What is written; nothing of a row that is deleted. */
  readonly cells: Cells
  readonly abilities: PlannedAbilities | null
}

export interface PlannedMemory {
  readonly table: string
  readonly name: string
  readonly rowId: string | null
  readonly cells: Cells
}

export interface ModelPlan {
  readonly command: 'push' | 'pull'
  readonly items: readonly PlannedItem[]
  /** `code table name`. */
  readonly left: readonly string[]
  readonly memory: readonly PlannedMemory[]
  readonly forgotten: readonly string[]
}

/** Of a map, the target's own text with the members that differ. */
export function writtenCells(written: readonly Difference[], from: Cells, stored: Cells): Cells {
  const cells: Record<string, Cell> = {}
  for (const { column, path } of written) {
    const text = from[column] ?? null
    if (path === null) {
      cells[column] = text
      continue
    }
    const members = membersOf(cells[column] ?? stored[column] ?? null)!
    const value = membersOf(text)!.get(path)
    if (value === undefined) members.delete(path)
    else members.set(path, value)
    cells[column] = writeMap(members)
  }
  return cells
}

export function abilitiesFor(
  channel: Cells,
  current: ReadonlyMap<string, Cells>,
): PlannedAbilities | null {
  const wanted = derive(channel)
  const isLike = (a: Cells, b: Cells): boolean =>
    ['enabled', 'priority', 'weight', 'tag'].every(
      (name) => (a[name] || null) === (b[name] || null),
    )
  const insert = [...wanted.keys()].filter((name) => !current.has(name))
  const update = [...current].filter(
    ([name, cells]) => wanted.has(name) && !isLike(cells, wanted.get(name)!),
  )
  const remove = [...current].filter(([name]) => !wanted.has(name))
  if (insert.length + update.length + remove.length === 0) return null
  const source = Object.fromEntries(SOURCE_COLUMNS.map((name) => [name, channel[name] ?? null]))
  return { source, insert, update: new Map(update), remove: new Map(remove) }
}

/** One line for each item, as `outline` writes them. */
export function modelOutline({ items }: ModelPlan): string[] {
  return items.map(({ operation, table, name, cells, abilities, reason }) => {
    const columns = operation === 'update' ? `: ${Object.keys(cells).toSorted().join(' ')}` : ''
    const key = table === 'channels' ? `${name}|1` : name
    return `${operation} ${table} ${key}${columns}${abilities === null ? '' : ' +abilities'} (${reason})`
  })
}
