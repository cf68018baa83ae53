import type { Cell, Cells } from './model-cells.ts'
import { derive } from './model-cells.ts'

/** The model: both sides as plain maps. */

export type SideName = 'local' | 'production'

/** Places are `channels/ID`, `abilities/GROUP/MODEL/ID` and `options/KEY`. */
export type Rows = Map<string, Cells>

export interface Memory {
  readonly runId: string
  readonly rowId: string
  readonly cells: Cells
}

export interface Entry {
  readonly operation: 'insert' | 'update' | 'delete'
  readonly place: string
  readonly columns: readonly string[]
  /** The whole row; null when there was none. */
  readonly before: Cells | null
  readonly after: Cells | null
  undoneBy: string | null
}

export interface ModelRun {
  readonly id: string
  readonly command: string
  /** The run that it undid. */
  readonly undid: string | null
  readonly entries: Entry[]
}

export interface Side {
  rows: Rows
  /** By `table:["name"]`. */
  memory: Map<string, Memory>
  runs: ModelRun[]
}

export interface Model {
  local: Side
  production: Side
  /** Oldest first. */
  readonly points: Record<SideName, Side[]>
}

const emptySide = (): Side => ({ rows: new Map(), memory: new Map(), runs: [] })

export function newModel(): Model {
  const points = { local: [], production: [] }
  return { local: emptySide(), production: emptySide(), points }
}

export const copySide = (side: Side): Side => structuredClone(side)

export const tableOf = (place: string): string => place.slice(0, place.indexOf('/'))

export interface NamedRow {
  readonly place: string
  readonly cells: Cells
}

/** Rows of a table by what people call them. */
export function byName({ rows }: Pick<Side, 'rows'>, table: string): Map<string, NamedRow> {
  const own = [...rows].filter(([place]) => tableOf(place) === table)
  return new Map(
    own.map(([place, cells]) => [
      cells[table === 'channels' ? 'name' : 'key'] ?? '',
      { place, cells },
    ]),
  )
}

export function abilitiesOf({ rows }: Pick<Side, 'rows'>, id: string): Map<string, Cells> {
  const own = [...rows].filter(
    ([place, cells]) => tableOf(place) === 'abilities' && cells['channel_id'] === id,
  )
  return new Map(own.map(([, cells]) => [`${cells['group']}/${cells['model']}`, cells]))
}

export const abilityPlace = (name: string, id: string): string => `abilities/${name}/${id}`

export function rowKeyOf(table: string, name: string): string {
  return `${table}:${JSON.stringify(table === 'channels' ? [name, '1'] : [name])}`
}

// ------------------------------------------------------------------------------ edits by hand

/** What somebody does past tidegate, to one row and what goes with it. */
export type Edit =
  | { readonly kind: 'cell'; readonly name: string; readonly column: string; readonly value: Cell }
  | { readonly kind: 'add'; readonly name: string; readonly cells: Cells }
  | { readonly kind: 'drop'; readonly name: string }
  /** Writes the abilities of a channel as the gateway does. */
  | { readonly kind: 'derive'; readonly name: string }
  | { readonly kind: 'stray'; readonly name: string; readonly model: string }
  | { readonly kind: 'option'; readonly name: string; readonly value: Cell }

export type Statement =
  | { readonly kind: 'insert'; readonly table: string; readonly cells: Cells }
  | {
      readonly kind: 'update'
      readonly place: string
      readonly column: string
      readonly value: Cell
    }
  | { readonly kind: 'delete'; readonly place: string }

/** What the edit does to these rows; nothing where the row is not there. */
export function statementsOf(side: Side, edit: Edit): Statement[] {
  const { name } = edit
  if (edit.kind === 'option') return optionStatements(side, name, edit.value)
  const row = byName(side, 'channels').get(name)
  if (edit.kind === 'add') {
    if (row !== undefined) return []
    const id = String(nextId(side))
    const cells = { id, name, type: '1', ...edit.cells }
    return [{ kind: 'insert', table: 'channels', cells }, ...abilityInserts(cells, id)]
  }
  if (row === undefined) return []
  const id = row.cells['id']!
  const { place } = row
  if (edit.kind === 'cell') {
    return [{ kind: 'update', place, column: edit.column, value: edit.value }]
  }
  const own = abilitiesOf(side, id)
  const gone = [...own.keys()].map((ability): Statement => ({
    kind: 'delete',
    place: abilityPlace(ability, id),
  }))
  if (edit.kind === 'drop') return [...gone, { kind: 'delete', place }]
  if (edit.kind === 'derive') return [...gone, ...abilityInserts(row.cells, id)]
  if (own.has(`default/${edit.model}`)) return []
  const cells = { group: 'default', model: edit.model, channel_id: id, enabled: '1' }
  return [{ kind: 'insert', table: 'abilities', cells }]
}

function optionStatements(side: Side, key: string, value: Cell): Statement[] {
  const place = `options/${key}`
  const isThere = side.rows.has(place)
  if (value === null) return isThere ? [{ kind: 'delete', place }] : []
  if (isThere) return [{ kind: 'update', place, column: 'value', value }]
  return [{ kind: 'insert', table: 'options', cells: { key, value } }]
}

function nextId({ rows }: Side): number {
  const ids = [...rows].flatMap(([place, cells]) =>
    tableOf(place) === 'channels' ? Number(cells['id']) : [],
  )
  return Math.max(0, ...ids) + 1
}

function abilityInserts(channel: Cells, id: string): Statement[] {
  return [...derive(channel).values()].map((cells) => ({
    kind: 'insert',
    table: 'abilities',
    cells: { ...cells, channel_id: id },
  }))
}

export function placeOf(table: string, cells: Cells): string {
  if (table === 'channels') return `channels/${cells['id']}`
  if (table === 'options') return `options/${cells['key']}`
  return abilityPlace(`${cells['group']}/${cells['model']}`, cells['channel_id'] ?? '')
}

/** Columns that nobody names get what the database gives them; see `adopt`. */
export function execute({ rows }: Side, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.kind === 'insert') {
      rows.set(placeOf(statement.table, statement.cells), statement.cells)
    } else if (statement.kind === 'delete') rows.delete(statement.place)
    else {
      const { place, column, value } = statement
      const old = rows.get(place)
      if (old !== undefined) rows.set(place, { ...old, [column]: value })
    }
  }
}
