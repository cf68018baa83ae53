import type { ChannelFacts } from '../../gateway/facts.ts'
import { isPadded } from '../../gateway/lists.ts'
import { command } from '../commands.ts'
import type { RouteTier, Route } from '../diagnosis.ts'
import type { Rule, World } from '../world.ts'
import { concernedChannels, reachableChannels } from './concerned.ts'
import { channelEvidence, routingEvidence } from './evidence.ts'
import { channelsOf, nearChannels, routed, unservedNear } from './pairs.ts'

const AUTO_DISABLED = '3'

/** Cache on: no enabled channel lists both names; then there is no ability for them either. */
export const C1: Rule = (world) => {
  const { pairs } = routed(world, ({ rule }) => rule === 'C1')
  if (pairs.length === 0) return null
  const unserved = new Set(pairs.map((pair) => JSON.stringify([pair.group, pair.model])))
  const { modes } = routed(
    world,
    ({ rule, group, model }) =>
      (rule === 'A1' || rule === 'C1') && unserved.has(JSON.stringify([group, model])),
  )
  return {
    facts: {},
    evidence: channelsOf(nearChannels(world, pairs)).map(routingEvidence),
    pairs,
    modes,
    repair: { kind: 'advice' },
    explains: ['A1'],
  }
}

/** Names that the gateway reads otherwise than they were meant. */
export const C2: Rule = (world) => {
  const padded = reachableChannels(world).filter(
    ({ models, group }) => isPadded(models) || isPadded(group),
  )
  if (padded.length === 0) return null
  return {
    facts: countOf(padded),
    evidence: padded.map(routingEvidence),
    pairs: unservedNear(world, idsOf(padded)),
    repair: command(world, 'doctor --fix C2'),
    explains: ['A1', 'C1', 'A5'],
  }
}

/** Disabled by the gateway itself. */
export const C7: Rule = (world) => {
  const disabled = concernedChannels(world).filter(({ status }) => status === AUTO_DISABLED)
  if (disabled.length === 0) return null
  const pairs = unservedNear(world, idsOf(disabled))
  return {
    severity: pairs.length > 0 ? 'error' : 'warning',
    facts: countOf(disabled),
    evidence: disabled.map((channel) =>
      channelEvidence(channel, {
        status: channel.status,
        'other_info.status_reason': channel.statusReason,
        'other_info.status_time': isoTime(channel.statusTime),
      }),
    ),
    pairs,
    repair: command(world, 'doctor --fix C7'),
    explains: ['A1', 'C1', 'A4'],
  }
}

/** Cache on: weight 0 beside weights. */
export const C8: Rule = (world) => {
  const found = tierChannels(world, (_, { chance }) => chance === 0)
  return found === null
    ? null
    : {
        ...found.about(({ weight, priority }) => ({ weight, priority })),
        repair: { kind: 'advice' },
      }
}

/** A lower priority is a normal set-up, unless one asks about these requests. */
export const C9: Rule = (world) => {
  const found = tierChannels(world, (place) => place > 0)
  if (found === null) return null
  const { path, models, token, user, group } = world.scope
  const isNarrowed = models.length > 0 || [path, token, user, group].some((one) => one !== null)
  return {
    severity: isNarrowed ? 'warning' : 'info',
    ...found.about(({ priority }) => ({ priority })),
    repair: { kind: 'advice' },
  }
}

type TierChannel = RouteTier['channels'][number]

/** Channels at these places of the tiers, from 0, with the pairs and modes that they are in. */
function tierChannels(world: World, matches: (place: number, channel: TierChannel) => boolean) {
  const ids = new Set<string>()
  const { pairs, modes } = routed(world, ({ tiers }: Route) => {
    const matching = tiers.flatMap(({ channels }, place) =>
      channels.filter((channel) => matches(place, channel)),
    )
    for (const { id } of matching) ids.add(id)
    return matching.length > 0
  })
  const channels = [...ids].flatMap((id) => world.channels.get(id) ?? [])
  if (channels.length === 0) return null
  const about = (cells: (channel: ChannelFacts) => Readonly<Record<string, string | null>>) => ({
    facts: countOf(channels),
    evidence: channels.map((channel) => channelEvidence(channel, cells(channel))),
    pairs,
    modes,
  })
  return { about }
}

function countOf(channels: readonly unknown[]): { readonly count: string } {
  return { count: String(channels.length) }
}

function idsOf(channels: readonly ChannelFacts[]): ReadonlySet<string> {
  return new Set(channels.map(({ id }) => id))
}

function isoTime(seconds: string | null): string | null {
  const date = new Date(Number(seconds ?? Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) ? seconds : date.toISOString()
}
