import type { Value, World } from '../seed/world.ts'
import { addChannel, type Pair } from './harness.ts'

/** Rows of both sides, what is then done to them, and what a plan makes of it. */
export interface Case {
  readonly prepare: (sides: Sides, name: string) => Promise<void>
  readonly change?: (sides: Sides, name: string) => Promise<void>
  /** As `outline` writes them, with NAME for the case. */
  readonly items?: readonly string[]
  readonly left?: readonly string[]
}

export interface Sides {
  /** Where rows come from: local in a push, production in a pull. */
  readonly left: World
  readonly right: World
  readonly nextId: () => number
}

export function sidesOf(pair: Pair, command: 'push' | 'pull'): Sides {
  const [left, right] =
    command === 'push' ? [pair.local, pair.production] : [pair.production, pair.local]
  let id = 0
  return { left, right, nextId: () => (id += 1) }
}

type Cells = Readonly<Record<string, Value>>

/** Local on the left, whatever is done. */
export function localFirst(pair: Pair): Sides {
  return sidesOf(pair, 'push')
}

/** The same channel on both sides, under ids of their own. */
export async function channels(
  { left, right, nextId }: Sides,
  name: string,
  cells: Cells = {},
): Promise<void> {
  await addChannel(left, nextId(), name, cells)
  await addChannel(right, 1_000 + nextId(), name, cells)
}

export async function rows({ left, right }: Sides, table: string, cells: Cells): Promise<void> {
  for (const side of [left, right]) await side.insert(table, cells)
}

const literal = (value: Value): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)

/** Sets cells of one row. */
export async function edit(
  side: World,
  table: string,
  key: readonly [column: string, value: string],
  cells: Cells,
): Promise<void> {
  if (Object.keys(cells).length === 0) return
  const set = Object.entries(cells).map(([name, value]) => `"${name}" = ${literal(value)}`)
  await side.execute(`update ${table} set ${set.join(', ')} where "${key[0]}" = ${literal(key[1])}`)
}

/** A channel whose cells differ: what the left and what the right side has. */
export function ofCells(left: Cells, right: Cells, found: Partial<Case> = {}): Case {
  return {
    prepare: (sides, name) => channels(sides, name),
    change: async (sides, name) => {
      await edit(sides.left, 'channels', ['name', name], left)
      await edit(sides.right, 'channels', ['name', name], right)
    },
    ...found,
  }
}

/** An option on both sides. */
export function ofOption(key: string, left: string, right: string, found: Partial<Case>): Case {
  return {
    prepare: async (sides) => {
      await sides.left.insert('options', { key, value: left })
      await sides.right.insert('options', { key, value: right })
    },
    ...found,
  }
}

export const remark = (side: World, name: string, text: string) =>
  edit(side, 'channels', ['name', name], { remark: text })

/** A channel with its abilities. */
export const remove = (side: World, name: string) =>
  side.execute(
    `delete from abilities where channel_id in (select id from channels where name = '${name}');
     delete from channels where name = '${name}'`,
  )
