import { type Ability, type AbilityChannel, deriveAbilities } from '../gateway/abilities.ts'
import { compareCells } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import { type Cell, naturalKey, type Row } from '../snapshot/model.ts'
import { type AbilityUpdate, type RebuildChange, rebuildChange } from './change.ts'

/** The cells of a channel that its abilities are derived from. */
export const ABILITY_SOURCE_COLUMNS = [
  'models',
  'group',
  'status',
  'priority',
  'weight',
  'tag',
] as const

export interface ChannelAbilities {
  readonly key: string
  readonly channelId: string | null
  /** The channel's cells as they will be. */
  readonly channel: ReadonlyMap<string, Cell>
  /** Ability rows of this channel as they are; older gateways lack weight and tag. */
  readonly current: readonly Row[]
}

/** How the abilities of one channel must change to equal their derivation; null when they do. */
export function diffAbilities(input: ChannelAbilities): RebuildChange | null {
  const desired = new Map(
    deriveAbilities(abilitySource(input.channel)).map((ability) => [
      abilityKey(ability.group, ability.model),
      ability,
    ]),
  )
  const current = new Map(
    input.current.map((row) => [abilityKey(cell(row, 'group'), cell(row, 'model')), row]),
  )
  const insert: Ability[] = []
  const update: AbilityUpdate[] = []
  for (const [key, after] of desired) {
    const before = current.get(key)
    if (before === undefined) insert.push(after)
    else if (!isDerived(before, after)) update.push({ before, after })
  }
  const remove = [...current].filter(([key]) => !desired.has(key)).map(([, row]) => row)
  const { key, channelId } = input
  return rebuildChange({ key, channelId, source: sourceCells(input), insert, update, remove })
}

/** How abilities of an id that no channel has must change: none may stay. */
export function diffOrphans(channelId: string, current: readonly Row[]): RebuildChange | null {
  const key = naturalKey([channelId])
  return rebuildChange({ key, channelId, source: null, insert: [], update: [], remove: current })
}

/** The cells that the gateway writes for an ability. */
export function abilityCells(ability: Omit<Ability, 'group' | 'model'>): ReadonlyMap<string, Cell> {
  return new Map<string, Cell>([
    ['enabled', String(ability.enabled)],
    ['priority', ability.priority],
    ['weight', ability.weight ?? '0'],
    ['tag', ability.tag],
  ])
}

/** Whether nothing but `enabled` has to change. */
export function isEnabledOnly({ before, after }: AbilityUpdate): boolean {
  return differing(before, after).join() === 'enabled'
}

function isDerived(row: Row, ability: Ability): boolean {
  return differing(row, ability).length === 0
}

/** Columns that this gateway's version lacks were not read and are not compared. */
function differing(row: Row, ability: Ability): string[] {
  return [...abilityCells(ability)].flatMap(([column, after]) => {
    const before = row.cells.get(column)
    const isEqual =
      before === undefined ||
      compareCells(columnRule('abilities', column), before, after) === 'equal'
    return isEqual ? [] : [column]
  })
}

function sourceCells({ channel }: ChannelAbilities): ReadonlyMap<string, Cell> {
  const known = ABILITY_SOURCE_COLUMNS.filter((name) => channel.has(name))
  return new Map(known.map((name) => [name, channel.get(name) ?? null]))
}

function abilitySource(cells: ReadonlyMap<string, Cell>): AbilityChannel {
  const source = (name: string): Cell => cells.get(name) ?? null
  return {
    models: source('models'),
    group: source('group'),
    status: source('status'),
    priority: source('priority'),
    weight: source('weight'),
    tag: source('tag'),
  }
}

function cell(row: Row, column: string): string {
  return row.cells.get(column) ?? ''
}

function abilityKey(group: string, model: string): string {
  return JSON.stringify([group, model])
}
