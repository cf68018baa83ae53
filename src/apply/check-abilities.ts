import type { RebuildChange } from '../diff/change.ts'
import { compareCells } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import { type Cell, naturalKey, type Row } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import { atAny } from './conditions.ts'
import type { PreconditionInput } from './preconditions.ts'
import { staleCell, StaleRows } from './stale.ts'

/** Channels whose abilities are held in memory at once. */
const CHANNELS_AT_ONCE = 100

/** A rebuild with the id that its channel has. */
export interface LocatedRebuild {
  readonly change: RebuildChange
  readonly channelId: string
}

/** Whether the abilities that a plan touches are as it saw them. */
export async function checkAbilities(input: PreconditionInput, stale: StaleRows): Promise<void> {
  const rebuilds = input.changes.flatMap((change) =>
    change.kind === 'rebuild' && change.channelId !== null
      ? [{ change, channelId: change.channelId }]
      : [],
  )
  for (const some of inChannels(rebuilds)) {
    const columns = some.flatMap(({ change }) => touched(change).flatMap(columnsOf))
    const rows = await readByChannel(input, 'abilities', some, [...new Set(columns)])
    for (const { change, channelId } of some) {
      compareAbilities(change, rows.get(channelId) ?? [], stale)
    }
  }
}

/**
 * Checks the channels that abilities are derived from, after the plan has written them: their
 * status or priority may have changed although the plan changes neither. Of abilities without a
 * channel it checks that there is still none.
 * @throws StaleError when a channel gives other abilities.
 */
export async function assertSources(
  input: Omit<PreconditionInput, 'changes'>,
  rebuilds: readonly LocatedRebuild[],
): Promise<void> {
  const stale = new StaleRows()
  for (const some of inChannels(rebuilds)) {
    const columns = some.flatMap(({ change }) => [...(change.source?.keys() ?? [])])
    const rows = await readByChannel(input, 'channels', some, [...new Set(columns)])
    for (const { change, channelId } of some) {
      compareSource(change, rows.get(channelId)?.[0], stale)
    }
  }
  stale.assertNone()
}

function* inChannels(rebuilds: readonly LocatedRebuild[]): Generator<LocatedRebuild[]> {
  for (let start = 0; start < rebuilds.length; start += CHANNELS_AT_ONCE) {
    yield rebuilds.slice(start, start + CHANNELS_AT_ONCE)
  }
}

async function readByChannel(
  { database, catalog, fingerprinter }: Omit<PreconditionInput, 'changes'>,
  table: 'abilities' | 'channels',
  rebuilds: readonly LocatedRebuild[],
  columns: readonly string[],
): Promise<ReadonlyMap<string, Row[]>> {
  const name = table === 'channels' ? 'id' : 'channel_id'
  const locators = rebuilds.map(({ channelId }) => ({ [name]: channelId }))
  const where = () => atAny({ database, catalog }, table, locators)
  const reads = [{ table, columns, where }]
  const [rows = []] = await readRows(database, catalog, fingerprinter, reads)
  return Map.groupBy(rows, ({ cells }) => cells.get(name) ?? '')
}

function touched({ remove, update }: RebuildChange): Row[] {
  return [...remove, ...update.map(({ before }) => before)]
}

function columnsOf({ cells }: Row): string[] {
  return [...cells.keys()]
}

function compareAbilities(change: RebuildChange, rows: readonly Row[], stale: StaleRows): void {
  const { key } = change
  const byName = new Map(rows.map((row) => [naturalKey(nameOf(row)), row]))
  for (const before of touched(change)) {
    const parts = nameOf(before)
    const row = byName.get(naturalKey(parts))
    const cells = row === undefined ? [] : differing('abilities', before.cells, row)
    if (row !== undefined && cells.length === 0) continue
    const problem = row === undefined ? 'gone' : 'changed'
    stale.add({ table: 'abilities', key, parts, problem, cells })
  }
  for (const { group, model } of byName.size === 0 ? [] : change.insert) {
    if (!byName.has(naturalKey([group, model]))) continue
    stale.add({ table: 'abilities', key, parts: [group, model], problem: 'exists' })
  }
}

function nameOf({ cells }: Row): [group: string, model: string] {
  return [cells.get('group') ?? '', cells.get('model') ?? '']
}

/** Cells that are not exactly what they were. */
function differing(table: string, before: ReadonlyMap<string, Cell>, row: Row) {
  return [...before].flatMap(([column, planned]) => {
    const now = row.cells.get(column) ?? null
    const secret = columnRule(table, column).role === 'secret'
    return planned === now ? [] : [staleCell({ column, secret }, planned, now)]
  })
}

function compareSource({ key, source }: RebuildChange, row: Row | undefined, stale: StaleRows) {
  if (source === null || row === undefined) {
    if ((source === null) !== (row === undefined)) {
      stale.add({ table: 'channels', key, problem: source === null ? 'exists' : 'gone' })
    }
    return
  }
  const cells = [...source].flatMap(([column, planned]) => {
    const now = row.cells.get(column) ?? null
    const isEqual = compareCells(columnRule('channels', column), planned, now) === 'equal'
    return isEqual ? [] : [staleCell({ column, secret: false }, planned, now)]
  })
  if (cells.length > 0) stale.add({ table: 'channels', key, problem: 'changed', cells })
}
