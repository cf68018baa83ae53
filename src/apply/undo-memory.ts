import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import type { Locator } from '../snapshot/model.ts'
import type { JournalOperation } from './journal.ts'
import { portions } from './located.ts'

/** A row that an undo has put back, and how. */
export interface PutBackRow {
  readonly table: string
  readonly locator: Locator
  readonly operation: JournalOperation
  readonly columns: readonly string[]
}

interface Remembered {
  readonly seed: string
  readonly row_key: string
  readonly table_name: string
  readonly row_id: string
  readonly cells: string
  readonly is_since: number
}

/**
 * Forgets, of the cells that were put back, what the undone run and later ones remembered: it is
 * agreed on no more. Everything else still is, and must stay: without it the next `pull` would take
 * what somebody changed here for what production has changed.
 */
export async function forgetPutBack(
  database: Database,
  runId: string,
  rows: readonly PutBackRow[],
): Promise<void> {
  const putBack = new Map(rows.map((row) => [placeOf(row), row]))
  const all = await readRemembered(database, runId)
  const placeInMemory = memoryPlaces(all)
  const forgotten: Remembered[] = []
  for (const row of all.filter(({ is_since: isSince }) => isSince === 1)) {
    const back = putBack.get(placeInMemory(row))
    if (back === undefined) continue
    const cells = without(row.cells, back)
    if (cells === null) forgotten.push(row)
    else if (cells !== row.cells) await writeCells(database, row, cells)
  }
  for (const some of portions(forgotten)) await forget(database, some)
}

/** Of that run and later ones; older channels too, whose ids tell whose abilities are meant. */
async function readRemembered({ queries }: Database, runId: string): Promise<Remembered[]> {
  const { rows } = await sql<Remembered>`
    select seed, row_key, table_name, row_id, cells,
      case when run_id >= ${runId} then 1 else 0 end as is_since
    from tidegate_base where run_id >= ${runId} or table_name = 'channels'
  `.execute(queries)
  return rows
}

function placeOf({ table, locator }: PutBackRow): string {
  if (table === 'abilities') {
    return abilityPlace(locator['channel_id'], [locator['group'], locator['model']])
  }
  return `${table} ${locator['id'] ?? locator['key'] ?? JSON.stringify(Object.values(locator))}`
}

const abilityPlace = (channelId: unknown, parts: readonly unknown[]): string =>
  `abilities ${JSON.stringify([channelId, ...parts])}`

/** Abilities are remembered by the natural key of their channel, with group and model. */
function memoryPlaces(all: readonly Remembered[]): (row: Remembered) => string {
  const channels = all.filter((row) => row.table_name === 'channels')
  const ids = new Map(channels.map((row) => [`${row.seed} ${row.row_key}`, row.row_id]))
  return ({ seed, table_name: table, row_id: rowId }) => {
    if (table !== 'abilities') return `${table} ${rowId}`
    const [name, type, ...parts] = JSON.parse(rowId) as unknown[]
    return abilityPlace(ids.get(`${seed} channels:${JSON.stringify([name, type])}`), parts)
  }
}

/** Null when nothing is left of it. */
function without(cells: string, { operation, columns }: PutBackRow): string | null {
  if (operation !== 'update') return null
  const kept = Object.entries(JSON.parse(cells) as Record<string, unknown>).filter(
    ([column]) => !columns.includes(column),
  )
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept))
}

async function writeCells({ queries }: Database, row: Remembered, cells: string): Promise<void> {
  await sql`
    update tidegate_base set cells = ${cells} where seed = ${row.seed} and row_key = ${row.row_key}
  `.execute(queries)
}

async function forget({ queries }: Database, rows: readonly Remembered[]): Promise<void> {
  for (const [seed, own] of Map.groupBy(rows, (row) => row.seed)) {
    const keys = sql.join(own.map((row) => row.row_key))
    await sql`delete from tidegate_base where seed = ${seed} and row_key in (${keys})`.execute(
      queries,
    )
  }
}
