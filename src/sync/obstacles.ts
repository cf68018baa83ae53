import { jsonMembers } from '../gateway/json-members.ts'
import { isOptionMap } from '../gateway/options.ts'
import type { Cell } from '../snapshot/model.ts'
import type { ShapeColumn } from '../snapshot/shape.ts'
import { TABLE_SPECS } from '../snapshot/table-specs.ts'
import type { LeftRow } from './choice.ts'
import * as sentences from './sentences.ts'
import { presentKey, type SyncRow, type SyncTable, type SyncWorld } from './world.ts'

export type Obstacle = Pick<LeftRow, 'code' | 'why'>

const MASKED = /\[secret(?::[0-9a-f]+)?\]/

interface ObstacleInput {
  readonly world: SyncWorld
  readonly table: SyncTable
  readonly row: SyncRow
  /** Names of the columns that are written. */
  readonly columns: ReadonlySet<string>
  /** Rows that the same plan inserts, by `presentKey`. */
  readonly inserted: ReadonlySet<string>
}

/** What keeps a row from being written as the left side has it; null when nothing does. */
export function obstacleOf(input: ObstacleInput): Obstacle | null {
  const { table, row, columns } = input
  if (row.fault !== null) return { code: 'unreadable', why: row.fault }
  const { shape } = table
  const written = [...shape.columns.slice(0, shape.keyLength), ...table.columns].filter(
    ({ name, rule }) => columns.has(name) && rule.role !== 'secret',
  )
  return hidden(input, written) ?? malformed(input, written) ?? dangling(input, written)
}

/** How a row of a table that only some forks have is made nobody knows. */
export function insertObstacle({ world, table }: Pick<ObstacleInput, 'world' | 'table'>) {
  const { table: name } = table.shape
  if (TABLE_SPECS[name] !== undefined) return null
  return { code: 'unreadable', why: sentences.unmade(world, name) } as const
}

/** What a snapshot masks is not known; what a pull would mask stays where it is. */
function hidden({ world, row }: ObstacleInput, columns: readonly ShapeColumn[]): Obstacle | null {
  if (world.command === 'push' && world.from.kind === 'database') return null
  const isMasked = columns.some(({ name }) => MASKED.test(row.from!.cells.get(name) ?? ''))
  return isMasked ? { code: 'masked', why: sentences.masked(world) } : null
}

function malformed(
  { table, row }: ObstacleInput,
  columns: readonly ShapeColumn[],
): Obstacle | null {
  for (const column of columns) {
    const text = row.from!.texts.get(column.name) ?? null
    const isGood = table.json.has(column.column) ? isJson(text) : isMap(column, row, text)
    if (!isGood) return { code: 'unreadable', why: `${column.name} does not hold JSON` }
  }
  return null
}

function isMap({ rule }: ShapeColumn, { parts }: SyncRow, text: Cell): boolean {
  const isOption = rule.table === 'options' && rule.name === 'value' && isOptionMap(parts[0] ?? '')
  if (text === null || text === '' || !(isOption || rule.compare === 'json-map')) return true
  return jsonMembers(text) !== null
}

function isJson(text: Cell): boolean {
  try {
    if (text !== null) JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function dangling(
  { world, row, inserted }: ObstacleInput,
  columns: readonly ShapeColumn[],
): Obstacle | null {
  for (const { name, reference, rule } of columns) {
    const text = row.from!.texts.get(name) ?? ''
    if (reference === null || text === '' || rule.table === 'abilities') continue
    const key = presentKey(reference.table, text)
    const count = (world.present.get(key) ?? 0) + Number(inserted.has(key))
    if (count === 1) continue
    return { code: 'reference', why: sentences.unresolved(world, reference.table, text) }
  }
  return null
}
