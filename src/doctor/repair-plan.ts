import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, diffAbilities, diffOrphans } from '../diff/abilities.ts'
import type { Change } from '../diff/change.ts'
import { diffRow } from '../diff/rows.ts'
import { isWrongStorage } from '../gateway/cells.ts'
import { cleanList, isPadded, joinList } from '../gateway/lists.ts'
import type { Cell, Row } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import type { RuleId } from './rule-table.ts'
import { isBehind } from './sequences.ts'

/** What `--fix` can do; everything else needs a person. */
export const REPAIRS = ['abilities', 'lists', 'sequences', 're-enable'] as const

export type RepairKind = (typeof REPAIRS)[number]

const REPAIRS_OF: Readonly<Partial<Record<RuleId, readonly RepairKind[]>>> = {
  A1: ['abilities'],
  A2: ['abilities'],
  A3: ['abilities'],
  A4: ['abilities'],
  A5: ['abilities'],
  A7: ['abilities'],
  A6: ['lists', 'abilities'],
  C2: ['lists', 'abilities'],
  S1: ['sequences'],
  C7: ['re-enable'],
}

/** What sets right what a rule finds; [] where the tool must not decide. */
export function repairsOf(rule: RuleId): readonly RepairKind[] {
  return REPAIRS_OF[rule] ?? []
}

/** One channel and its abilities, or the abilities of an id that no channel has; written together. */
export interface ChannelRepair {
  /** The rule that asks for it. */
  readonly rule: RuleId
  readonly channelId: string
  readonly changes: readonly [Change, ...Change[]]
}

export interface RepairPlan {
  readonly channels: readonly ChannelRepair[]
  /** Tables whose sequence must move past their largest id. */
  readonly sequences: readonly string[]
  /** Channels that cannot be set right as long as they hold values that the gateway cannot read. */
  readonly skipped: readonly string[]
}

/** Whatever the plan's size, this many channels are in memory at once, with their abilities. */
const CHANNEL_BATCH = 50

/** What the repairs of these rules would change. Reads only. */
export async function planRepairs(
  database: Database,
  rules: readonly RuleId[],
): Promise<RepairPlan> {
  const channels: ChannelRepair[] = []
  const skipped: string[] = []
  for await (const batch of readRepairs(database, await database.catalog(), rules)) {
    channels.push(...batch.channels)
    skipped.push(...batch.skipped)
  }
  return { channels, sequences: await lateSequences(database, rules), skipped }
}

/** The part of a plan that is about channels and abilities, in batches; empty ones too. */
export async function* readRepairs(
  database: Database,
  catalog: Catalog,
  rules: readonly RuleId[],
): AsyncGenerator<Omit<RepairPlan, 'sequences'>> {
  const wants = wantsOf(rules)
  if (!REPAIRS.some((kind) => kind !== 'sequences' && wants[kind] !== undefined)) return
  const [rows = []] = await readRows(database, catalog, null, [{ table: 'channels', columns: [] }])
  const ids = rows.map(({ locator }) => locator!['id']!).toSorted(byNumber)
  for (const batch of batches(ids)) yield planBatch(database, catalog, wants, batch)
  if (wants.abilities === undefined) return
  const orphans = await orphanIds(database)
  const isId = (id: string): boolean => /^-?\d+$/.test(id)
  yield { channels: [], skipped: orphans.filter((id) => !isId(id)) }
  for (const batch of batches(orphans.filter(isId).toSorted(byNumber))) {
    yield planOrphans(database, catalog, wants.abilities, batch)
  }
}

/** Tables whose next id is taken already, if a rule asks for that. */
export async function lateSequences(
  database: Database,
  rules: readonly RuleId[],
): Promise<string[]> {
  if (wantsOf(rules).sequences === undefined) return []
  return (await database.sequences()).filter(isBehind).map(({ table }) => table)
}

/** Each repair with the first rule that asks for it. */
type Wants = Readonly<Partial<Record<RepairKind, RuleId>>>

function wantsOf(rules: readonly RuleId[]): Wants {
  const asked = rules.flatMap((rule) => repairsOf(rule).map((kind) => [kind, rule] as const))
  return Object.fromEntries(asked.toReversed())
}

async function planBatch(
  database: Database,
  catalog: Catalog,
  wants: Wants,
  ids: readonly string[],
): Promise<Omit<RepairPlan, 'sequences'>> {
  const [channels = [], abilities = []] = await readRows(database, catalog, null, [
    { table: 'channels', columns: ABILITY_SOURCE_COLUMNS, where: isOneOf('channels.id', ids) },
    abilitiesOf(ids),
  ])
  const byChannel = Map.groupBy(abilities, (row) => row.locator!['channel_id']!)
  const skipped: string[] = []
  const repairs = channels.flatMap((channel) => {
    const channelId = channel.locator!['id']!
    const current = byChannel.get(channelId) ?? []
    if (isMisread(channel, current)) skipped.push(channelId)
    return isMisread(channel, current) ? [] : planChannel(wants, channelId, channel, current)
  })
  return { channels: repairs, skipped }
}

function planChannel(
  wants: Wants,
  channelId: string,
  channel: Row,
  current: readonly Row[],
): ChannelRepair[] {
  const cells = new Map([...cleanedLists(wants, channel), ...reEnabled(wants, channel)])
  const update = cells.size === 0 ? null : diffRow({ ...channel, cells }, channel)
  const source = new Map([...channel.cells, ...cells])
  const rebuild =
    update === null && wants.abilities === undefined
      ? null
      : diffAbilities({ key: channel.key, channelId, channel: source, current })
  const [first, ...others] = [update, rebuild].filter((change) => change !== null)
  if (first === undefined) return []
  const rule = ruleOf(wants, cells)
  return [{ rule, channelId, changes: [first, ...others] }]
}

function ruleOf(wants: Wants, cells: ReadonlyMap<string, Cell>): RuleId {
  if (cells.has('status')) return wants['re-enable']!
  return cells.size > 0 ? wants.lists! : wants.abilities!
}

function cleanedLists({ lists }: Wants, { cells }: Row): [string, Cell][] {
  if (lists === undefined) return []
  return ['models', 'group'].flatMap((column): [string, Cell][] => {
    const list = cells.get(column) ?? null
    return isPadded(list) ? [[column, joinList(cleanList(list))]] : []
  })
}

function reEnabled(wants: Wants, { cells }: Row): [string, Cell][] {
  return wants['re-enable'] !== undefined && cells.get('status') === '3' ? [['status', '1']] : []
}

async function planOrphans(
  database: Database,
  catalog: Catalog,
  rule: RuleId,
  ids: readonly string[],
): Promise<Omit<RepairPlan, 'sequences'>> {
  const [abilities = []] = await readRows(database, catalog, null, [abilitiesOf(ids)])
  const byChannel = Map.groupBy(abilities, (row) => row.locator!['channel_id']!)
  const skipped = [...byChannel].filter(([, rows]) => rows.some(isUnnamed)).map(([id]) => id)
  const channels = [...byChannel].flatMap(([channelId, rows]) => {
    const change = skipped.includes(channelId) ? null : diffOrphans(channelId, rows)
    return change === null ? [] : [{ rule, channelId, changes: [change] as const }]
  })
  return { channels, skipped }
}

/** Ids in `abilities` that no channel has, NULL left out: no statement could name such a row. */
async function orphanIds({ queries }: Database): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct cast(abilities.channel_id as text) as id from abilities
    where abilities.channel_id is not null
      and not exists (select 1 from channels where channels.id = abilities.channel_id)
  `.execute(queries)
  return rows.map(({ id }) => id)
}

function abilitiesOf(ids: readonly string[]) {
  const columns = ['enabled', 'priority', 'weight', 'tag']
  return { table: 'abilities', columns, where: isOneOf('abilities.channel_id', ids) }
}

function isOneOf(column: string, ids: readonly string[]): () => RawBuilder<boolean> {
  return () => sql<boolean>`${sql.ref(column)} in (${sql.join(ids.map(BigInt))})`
}

/** What stands for a value that is no text must not be written as one. */
function isMisread({ cells }: Row, abilities: readonly Row[]): boolean {
  const isUnreadable = (name: string): boolean => isWrongStorage(cells.get(name) ?? null)
  return ABILITY_SOURCE_COLUMNS.some(isUnreadable) || abilities.some(isUnnamed)
}

/** SQLite lets NULL and bytes into a primary key of text. */
function isUnnamed({ cells }: Row): boolean {
  return ['group', 'model'].some((name) => {
    const cell = cells.get(name) ?? null
    return cell === null || isWrongStorage(cell)
  })
}

function* batches(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += CHANNEL_BATCH) {
    yield ids.slice(start, start + CHANNEL_BATCH)
  }
}

function byNumber(a: string, b: string): number {
  return Number(BigInt(a) - BigInt(b))
}
