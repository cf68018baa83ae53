import type { ChannelFacts } from '../../gateway/facts.ts'
import { cleanList } from '../../gateway/lists.ts'
import type { World } from '../world.ts'

export const ENABLED = '1'

/** Whether the run is about some models only. */
export function isAboutModels({ scope }: Pick<World, 'scope'>): boolean {
  return scope.models.length > 0 || scope.path !== null
}

const CONCERNED = new WeakMap<World, readonly ChannelFacts[]>()

/** The channels that the run is about: all, or those that list one of the models asked for. */
export function concernedChannels(world: World): readonly ChannelFacts[] {
  const known = CONCERNED.get(world)
  if (known !== undefined) return known
  const channels = [...world.channels.values()]
  const concerned = isAboutModels(world)
    ? channels.filter((channel) => listsOneOf(channel, world.models))
    : channels
  CONCERNED.set(world, concerned)
  return concerned
}

/** Whether one of the models was meant to be in the channel's list. */
export function listsOneOf({ models }: ChannelFacts, asked: readonly string[]): boolean {
  // A text without the name is not worth being taken apart, and most are without.
  const possible = asked.filter((model) => models?.includes(model) === true)
  return possible.length > 0 && cleanList(models).some((model) => possible.includes(model))
}

/** Those of them that requests reach, or should: enabled, declared, or found by a route. */
export function reachableChannels(world: World): ChannelFacts[] {
  const routed = world.routes.flatMap(({ tiers }) => tiers.flatMap(({ channels }) => channels))
  const declared = world.declared.map(({ channelId }) => channelId)
  const wanted = new Set([...declared, ...routed.map(({ id }) => id)])
  return concernedChannels(world).filter(({ id, status }) => status === ENABLED || wanted.has(id))
}
