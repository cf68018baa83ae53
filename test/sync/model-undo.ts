import type { Cells } from './model-cells.ts'
import { type Entry, type ModelRun, type Side, tableOf } from './model-state.ts'

export interface ModelUndo {
  /** Places by unit, of what is put back and of what is left. */
  readonly units: readonly (readonly string[])[]
  readonly left: readonly (readonly string[])[]
}

/** The run that `undo` takes when none is named. */
export function newestToUndo({ runs }: Side): ModelRun | null {
  const open = runs.filter(
    ({ undid, entries }) => undid === null && entries.some(({ undoneBy }) => undoneBy === null),
  )
  return open.at(-1) ?? null
}

/** Undoes a run in the model. */
export function undoModel(side: Side, runId: string, undoneBy: string): ModelUndo {
  const run = side.runs.find(({ id }) => id === runId)!
  const open = run.entries.filter((entry) => entry.undoneBy === null).toReversed()
  const units = [...Map.groupBy(open, unitOf).values()]
  const isAsLeft = (unit: readonly Entry[]): boolean =>
    newest(unit).every((entry) => holds(side, entry))
  const back = new Set(units.filter(isAsLeft).flat())
  const entries = open.filter((entry) => back.has(entry)).map((entry) => putBack(side, entry))
  for (const entry of back) mark(side, run, entry, undoneBy)
  if (back.size > 0) {
    side.runs.push({ id: undoneBy, command: 'undo', undid: runId, entries })
    forget(side, runId, back)
  }
  const placesOf = (unit: readonly Entry[]): string[] => newest(unit).map(({ place }) => place)
  return {
    units: units.filter((unit) => unit.every((entry) => back.has(entry))).map(placesOf),
    left: units.filter((unit) => !unit.every((entry) => back.has(entry))).map(placesOf),
  }
}

/** A channel and its abilities are one. */
function unitOf({ place }: Entry): string {
  if (tableOf(place) !== 'abilities') return place
  return `channels/${place.slice(place.lastIndexOf('/') + 1)}`
}

function newest(entries: readonly Entry[]): Entry[] {
  return [...Map.groupBy(entries, ({ place }) => place).values()].map(([first]) => first!)
}

function holds({ rows }: Side, { operation, place, columns, after }: Entry): boolean {
  const now = rows.get(place)
  if (operation === 'delete') return now === undefined
  return now !== undefined && columns.every((column) => now[column] === after![column])
}

function putBack({ rows }: Side, { operation, place, columns, before }: Entry): Entry {
  const now = rows.get(place) ?? null
  const entry = { place, before: now, undoneBy: null }
  if (operation === 'insert') {
    rows.delete(place)
    return { ...entry, operation: 'delete', columns: Object.keys(now!), after: null }
  }
  const old = operation === 'delete' ? before! : { ...now, ...pick(before!, columns) }
  rows.set(place, old)
  return { ...entry, operation: operation === 'delete' ? 'insert' : 'update', columns, after: old }
}

function pick(cells: Cells, columns: readonly string[]): Cells {
  return Object.fromEntries(columns.map((column) => [column, cells[column] ?? null]))
}

/** What an undo had undone counts as done again when the undo itself is undone. */
function mark({ runs }: Side, run: ModelRun, entry: Entry, undoneBy: string): void {
  entry.undoneBy = undoneBy
  if (run.undid === null) return
  for (const other of runs.flatMap(({ entries }) => entries)) {
    if (other.undoneBy === run.id && other.place === entry.place) other.undoneBy = null
  }
}

/** No run since remembers cells that are put back; of an option that is all there is. */
function forget({ memory }: Side, runId: string, back: ReadonlySet<Entry>): void {
  const byPlace = Map.groupBy(back, ({ place }) => place)
  for (const [rowKey, remembered] of memory) {
    const table = rowKey.slice(0, rowKey.indexOf(':'))
    const entries = byPlace.get(`${table}/${remembered.rowId}`)
    if (remembered.runId < runId || entries === undefined) continue
    const isWhole = table === 'options' || entries.some(({ operation }) => operation !== 'update')
    if (isWhole) memory.delete(rowKey)
    else memory.set(rowKey, { ...remembered, cells: withoutColumns(remembered.cells, entries) })
  }
}

function withoutColumns(cells: Cells, entries: readonly Entry[]): Cells {
  const gone = new Set(entries.flatMap(({ columns }) => columns))
  return Object.fromEntries(Object.entries(cells).filter(([column]) => !gone.has(column)))
}
