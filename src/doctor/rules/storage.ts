import type { UnfitValue } from '../../database/contract.ts'
import type { ChannelFacts } from '../../gateway/facts.ts'
import { command, sqlRepair } from '../commands.ts'
import type { Repair } from '../diagnosis.ts'
import type { Rule, World } from '../world.ts'
import { concernedChannels } from './concerned.ts'
import { channelEvidence, rowEvidence } from './evidence.ts'
import { isBehind } from '../sequences.ts'

/** As many statements as a person reads; the advice says that it goes on. */
const STATEMENT_LIMIT = 5

/** A row that does not load. */
export const C5: Rule = (world) => {
  const channels = concernedChannels(world).filter(({ isInfoReadable }) => !isInfoReadable)
  if (channels.length === 0) return null
  return {
    facts: { count: String(channels.length) },
    evidence: channels.map((channel) =>
      channelEvidence(channel, { status: channel.status, channel_info: '…' }),
    ),
    repair: statements(channels.map(({ id }) => infoStatement(world, id))),
  }
}

/** Cells that do not load. */
export const C11: Rule = (world) => {
  const channels = concernedChannels(world)
    .map((channel) => ({ channel, cells: unreadableCells(channel) }))
    .filter(({ cells }) => cells.length > 0)
  if (channels.length === 0) return null
  const negative = channels.filter(({ channel }) => isNegative(channel))
  return {
    facts: { count: String(channels.length) },
    evidence: channels.map(({ channel, cells }) =>
      channelEvidence(channel, Object.fromEntries(cells)),
    ),
    repair: statements(
      negative.map(({ channel }) => `update channels set weight = 0 where id = ${channel.id}`),
    ),
  }
}

/** What PostgreSQL would refuse. */
export const C12: Rule = ({ dialect, unfit }) => {
  if (dialect !== 'sqlite' || unfit.length === 0) return null
  return {
    facts: { count: String(unfit.length) },
    evidence: unfit.map(({ table, row, column, ...problem }) =>
      rowEvidence(table, row, null, { [column]: describeUnfit(problem) }),
    ),
    repair: { kind: 'advice' },
  }
}

/** The next id is taken. */
export const S1: Rule = (world) => {
  const behind = world.sequences.filter(isBehind)
  if (behind.length === 0) return null
  return {
    facts: { tables: behind.map(({ table }) => table).join(', ') },
    evidence: behind.map(({ table, sequence, lastValue, maxId }) =>
      rowEvidence(table, sequence, null, { last_value: lastValue, 'max(id)': maxId }),
    ),
    repair: command(world, 'doctor --fix S1'),
  }
}

/** Keeps JSON that was stored as text, and clears what is none. */
function infoStatement({ dialect }: World, id: string): string {
  const value =
    dialect === 'sqlite'
      ? 'case when json_valid(channel_info) then cast(channel_info as blob) end'
      : 'null'
  return `update channels set channel_info = ${value} where id = ${id}`
}

function unreadableCells(channel: ChannelFacts): [column: string, value: string | null][] {
  const cells = channel.misread.map(({ column, value }): [string, string] => [column, value])
  return isNegative(channel) ? [...cells, ['weight', channel.weight]] : cells
}

/** The gateway reads an unsigned number. */
function isNegative({ weight }: ChannelFacts): boolean {
  return weight?.startsWith('-') ?? false
}

function statements(texts: readonly string[]): Repair {
  return texts.length === 0 ? { kind: 'advice' } : sqlRepair(...texts.slice(0, STATEMENT_LIMIT))
}

function describeUnfit(unfit: Pick<UnfitValue, 'problem' | 'limit' | 'length'>): string {
  const { problem, limit, length } = unfit
  return problem === 'too-long' ? `${length} > ${limit}` : `${problem} (${length})`
}
