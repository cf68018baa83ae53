import type { ChannelFacts } from './facts.ts'
import { splitList } from './lists.ts'
import { matchingModelName } from './model-names.ts'
import type { RoutingProfile } from './routing.ts'

/** An enabled channel in a group that no ability names: the gateway writes into a map that is nil. */
export interface CacheCrash {
  readonly channelId: string
  readonly group: string
}

/**
 * What the gateway's memory cache holds: enabled channels by group and model, lists split and not
 * trimmed, a channel once for each time that its lists name the pair (new-api
 * model/channel_cache.go:21-86). Where it crashes the cache is never made, and `find` tells what it
 * would have held.
 */
export class ChannelCache {
  /** Each channel and group once. */
  readonly crashes: readonly CacheCrash[]
  readonly #channels = new Map<string, Map<string, ChannelFacts[]>>()
  readonly #hasWildcards: boolean

  /** @param abilityGroups every group name that a row of `abilities` has */
  constructor(
    channels: Iterable<ChannelFacts>,
    abilityGroups: ReadonlySet<string>,
    { hasModelWildcards }: Pick<RoutingProfile, 'hasModelWildcards'>,
  ) {
    this.#hasWildcards = hasModelWildcards
    const crashes: CacheCrash[] = []
    for (const channel of channels) {
      if (channel.status !== '1') continue
      const groups = splitList(channel.group)
      for (const group of groups) this.#add(channel, group)
      const unknown = [...new Set(groups)].filter((group) => !abilityGroups.has(group))
      crashes.push(...unknown.map((group) => ({ channelId: channel.id, group })))
    }
    this.crashes = crashes
  }

  /** Channels for one group and model: those of the exact name, else those of its wildcard. */
  find(group: string, model: string): readonly ChannelFacts[] {
    const models = this.#channels.get(group)
    const exact = models?.get(model) ?? []
    if (exact.length > 0 || !this.#hasWildcards) return exact
    return models?.get(matchingModelName(model)) ?? []
  }

  #add(channel: ChannelFacts, group: string): void {
    let models = this.#channels.get(group)
    if (models === undefined) this.#channels.set(group, (models = new Map()))
    for (const model of splitList(channel.models)) {
      const before = models.get(model)
      if (before === undefined) models.set(model, [channel])
      else before.push(channel)
    }
  }
}
