import type { ChannelFacts } from '../../gateway/facts.ts'
import { cleanList, splitList } from '../../gateway/lists.ts'
import type { CacheMode } from '../../gateway/routing.ts'
import type { Pair, Route } from '../diagnosis.ts'
import type { RuleId } from '../rule-table.ts'
import type { World } from '../world.ts'
import { ENABLED } from './concerned.ts'

/** What the channel rules say when a request finds no channel. */
const NO_CHANNEL = ['A1', 'C1'] as const satisfies readonly RuleId[]

/** Pairs of a group and a model, each once, and the modes in which a route of theirs passes. */
export interface Routed {
  readonly pairs: readonly Pair[]
  readonly modes: readonly CacheMode[]
}

export function routed(world: World, passes: (route: Route) => boolean): Routed {
  const pairs = new Map<string, Pair>()
  const modes = new Set<CacheMode>()
  for (const route of world.routes) {
    const { group, model, mode } = route
    if (group === null || !passes(route)) continue
    pairs.set(JSON.stringify([group, model]), { group, model })
    modes.add(mode)
  }
  return { pairs: [...pairs.values()], modes: world.modes.filter((mode) => modes.has(mode)) }
}

/** Pairs for which some mode finds no channel. */
export function unservedPairs(world: World): readonly Pair[] {
  return routed(world, ({ rule }) => NO_CHANNEL.some((one) => one === rule)).pairs
}

export interface Near {
  readonly pair: Pair
  /** Channels whose lists have both names, as they were meant: without their padding. */
  readonly channels: readonly ChannelFacts[]
}

export function nearChannels(world: World, pairs: readonly Pair[]): Near[] {
  const byModel = new Map(pairs.map(({ model }): [string, ChannelFacts[]] => [model, []]))
  if (byModel.size > 0) {
    const models = [...byModel.keys()]
    for (const channel of world.channels.values()) {
      // A text without the names is not worth being taken apart.
      if (!models.some((model) => channel.models?.includes(model))) continue
      for (const model of cleanList(channel.models)) byModel.get(model)?.push(channel)
    }
  }
  return pairs.map((pair) => ({
    pair,
    channels: byModel.get(pair.model)!.filter(({ group }) => cleanList(group).includes(pair.group)),
  }))
}

/** Unserved pairs that one of these channels would serve. */
export function unservedNear(world: World, ids: ReadonlySet<string>): Pair[] {
  return nearChannels(world, unservedPairs(world))
    .filter(({ channels }) => channels.some(({ id }) => ids.has(id)))
    .map(({ pair }) => pair)
}

/** Whether the gateway itself derives an enabled ability for the pair from the channel. */
export function serves({ status, models, group }: ChannelFacts, pair: Pair): boolean {
  const isListed = splitList(models).includes(pair.model) && splitList(group).includes(pair.group)
  return status === ENABLED && isListed
}

/** Channels of several pairs, each once. */
export function channelsOf(near: readonly Near[]): ChannelFacts[] {
  return [...new Set(near.flatMap(({ channels }) => channels))]
}
