import { canonical, type Cell, type Cells, derive, isSame, kindsOf } from './model-cells.ts'
import type { ModelPlan, PlannedAbilities, PlannedItem } from './model-plan-item.ts'
import { abilitiesOf, abilityPlace, byName, placeOf, rowKeyOf, type Side } from './model-state.ts'

/** What a run did to rows, without the columns of its entries. */
export interface Effect {
  readonly operation: 'insert' | 'update' | 'delete'
  readonly place: string
  /** Null where the database chooses them. */
  readonly columns: readonly string[] | null
}

export interface ApplyInput {
  readonly runId: string
  /** The id that a new channel got. */
  readonly idOf: (name: string) => string
  /** The key that is written into a new channel. */
  readonly keyOf: (name: string) => Cell
}

/** Writes a plan into the model. Null, and nothing written, when a row has moved since. */
export function applyModel(side: Side, plan: ModelPlan, input: ApplyInput): Effect[] | null {
  if (!plan.items.every((item) => holds(side, item))) return null
  const effects: Effect[] = []
  const after = structuredClone(side)
  for (const item of plan.items) writeItem(after, item, input, effects)
  for (const { abilities, table, name, target } of plan.items) {
    if (abilities?.source == null) continue
    const { place, cells } = byName(after, table).get(name)!
    if (target !== null && !isSource(cells, abilities.source)) return null
    writeAbilities(after, abilities, place.slice('channels/'.length), effects)
  }
  for (const { table, name, rowId, cells } of plan.memory) {
    const id = rowId ?? (table === 'channels' ? input.idOf(name) : name)
    after.memory.set(rowKeyOf(table, name), { runId: input.runId, rowId: id, cells })
  }
  for (const rowKey of plan.forgotten) after.memory.delete(rowKey)
  Object.assign(side, after)
  return effects
}

/** Whether the row is as the plan saw it, in all that the plan touches. */
function holds(side: Side, { operation, table, name, target, cells, abilities }: PlannedItem) {
  if (operation === 'insert') return !byName(side, table).has(name)
  const now = side.rows.get(target!.place)
  if (now === undefined) return false
  const kinds = kindsOf(table, name)
  const isDelete = operation === 'delete'
  const all = table === 'channels' ? [...Object.keys(kinds), 'name', 'key'] : ['key', 'value']
  const columns = isDelete ? all : Object.keys(cells)
  const isThere = columns.every((column) => {
    const kind = kinds[column]
    const before = target!.cells[column] ?? null
    return canonical(kind, before) === canonical(kind, now[column] ?? null)
  })
  if (!isThere || abilities === null) return isThere
  const own = abilitiesOf(side, target!.cells['id']!)
  const isAsSeen = ([ability, before]: [string, Cells]): boolean => {
    const there = own.get(ability)
    const shown = ['enabled', 'priority', 'weight', 'tag']
    return there !== undefined && shown.every((column) => there[column] === before[column])
  }
  const touched = [...abilities.update, ...abilities.remove]
  return touched.every(isAsSeen) && abilities.insert.every((ability) => !own.has(ability))
}

function isSource(now: Cells, source: Cells): boolean {
  const kinds = { ...kindsOf('channels', ''), weight: 'number' } as const
  return Object.entries(source).every(([column, planned]) =>
    isSame(kinds[column as 'weight'], planned, now[column] ?? null),
  )
}

function writeItem(
  side: Side,
  { operation, table, name, target, cells, abilities }: PlannedItem,
  { idOf, keyOf }: ApplyInput,
  effects: Effect[],
): void {
  if (operation === 'update') {
    const { place } = target!
    side.rows.set(place, { ...side.rows.get(place), ...cells })
    effects.push({ operation, place, columns: Object.keys(cells) })
  } else if (operation === 'delete') {
    const { place } = target!
    side.rows.delete(place)
    effects.push({ operation, place, columns: null })
    if (abilities !== null) writeAbilities(side, abilities, target!.cells['id']!, effects)
  } else {
    const made =
      table === 'options'
        ? { key: name, ...cells }
        : { id: idOf(name), name, type: '1', key: keyOf(name), ...cells }
    const place = placeOf(table, made)
    side.rows.set(place, made)
    effects.push({ operation, place, columns: null })
  }
}

const DERIVED = ['enabled', 'priority', 'weight', 'tag']

function writeAbilities(
  side: Side,
  { source, insert, update, remove }: PlannedAbilities,
  id: string,
  effects: Effect[],
): void {
  const wanted = source === null ? new Map<string, Cells>() : derive(source)
  const isNew = update.size + remove.size === 0 && insert.length === wanted.size
  // Whatever lies under the id of a new channel is of no use.
  const leftovers = isNew ? [...abilitiesOf(side, id).keys()] : []
  for (const ability of [...leftovers, ...remove.keys()]) {
    const place = abilityPlace(ability, id)
    side.rows.delete(place)
    effects.push({ operation: 'delete', place, columns: null })
  }
  for (const ability of update.keys()) {
    const place = abilityPlace(ability, id)
    side.rows.set(place, { ...side.rows.get(place), ...wanted.get(ability) })
    effects.push({ operation: 'update', place, columns: DERIVED })
  }
  for (const ability of insert) {
    const place = abilityPlace(ability, id)
    side.rows.set(place, { ...wanted.get(ability), channel_id: id })
    effects.push({ operation: 'insert', place, columns: null })
  }
}
