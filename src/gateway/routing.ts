import { readInteger, readShare } from './cell-numbers.ts'
import type { AbilityFacts, ChannelFacts } from './facts.ts'
import { hasPriority, oneTier, tiersOf } from './tiers.ts'
import type { GatewayVersion } from './versions.ts'

/**
 * How a gateway picks the channel of a request: with its memory cache off `abilities` decides, with
 * the cache on `channels` does. Pure, and the same for both dialects.
 */

export const CACHE_MODES = ['cache-off', 'cache-on'] as const

/** Added to every weight of abilities, so that 0 is picked as well. */
const SMOOTHING = 10

export type CacheMode = (typeof CACHE_MODES)[number]

/** What differs between versions when a request is routed. */
export interface RoutingProfile {
  readonly family: GatewayVersion['family']
  /** Weights decide among channels of one priority; else all are alike. */
  readonly isWeighted: boolean
  /** Tokens have a group of their own. */
  readonly hasTokenGroups: boolean
  /** Names such as `gpt-4-gizmo-x` also match `gpt-4-gizmo-*`. */
  readonly hasModelWildcards: boolean
  /** `allow_ips` understands CIDR ranges. */
  readonly readsIpRanges: boolean
  /** A channel of which every key is switched off is refused; older versions take its first key. */
  readonly refusesDisabledKeys: boolean
  /** HTTP status for a model without a price; null where it is let through. */
  readonly unpricedStatus: number | null
}

export interface Candidate {
  readonly channelId: string
  /** 0 to 1, of the requests that reach this tier. */
  readonly chance: number
}

/**
 * Channels of one priority. The first tier serves, the next ones only retries; one-api retries all
 * priorities as one, named by the highest that the first tier has not.
 */
export interface Tier {
  readonly priority: string
  /** In the order of their ids. */
  readonly candidates: readonly Candidate[]
}

/** `A1`: no enabled ability; `A2`: none has a priority; `C1`: no enabled channel lists it. */
export type Selection =
  | { readonly kind: 'found'; readonly tiers: readonly [Tier, ...Tier[]] }
  | { readonly kind: 'none'; readonly rule: 'A1' | 'A2' | 'C1' }

export type { AbilityFacts, ChannelFacts }

/**
 * The choice with the memory cache off, from the rows of one group and model as they are stored:
 * new-api model/ability.go:91-144, one-api model/ability.go:22-51. A priority that is NULL, or that
 * cannot be read, never equals the highest one, so such rows serve nothing.
 */
export function selectByAbilities(
  profile: RoutingProfile,
  abilities: readonly AbilityFacts[],
): Selection {
  const enabled = abilities.filter((ability) => ability.enabled === 'true')
  if (enabled.length === 0) return { kind: 'none', rule: 'A1' }
  const entries = enabled.map(({ channelId, priority, weight }) => ({
    channelId,
    priority: readInteger(priority),
    share: profile.isWeighted ? readShare(weight) + SMOOTHING : 1,
  }))
  const [first, ...rest] = tiersOf(entries.filter(hasPriority))
  if (first === undefined) return { kind: 'none', rule: 'A2' }
  if (profile.family !== 'one-api') return { kind: 'found', tiers: [first, ...rest] }
  // Its retries ask for any enabled row, whatever the priority, the first ones among them.
  const others = entries.length > first.candidates.length
  const retry = others ? [oneTier(rest[0]?.priority ?? '0', entries)] : []
  return { kind: 'found', tiers: [first, ...retry] }
}

/**
 * The choice with the memory cache on, from the channels that the cache has for one group and
 * model, repetitions included: new-api model/channel_cache.go:96-187, one-api model/cache.go:228-255.
 */
export function selectByChannels(
  profile: RoutingProfile,
  channels: readonly ChannelFacts[],
): Selection {
  const entries = channels.map(({ id, priority, weight }) => ({
    channelId: id,
    priority: readInteger(priority) ?? 0n,
    share: profile.isWeighted ? readShare(weight) : 1,
  }))
  const [first, ...rest] = tiersOf(entries)
  if (first === undefined) return { kind: 'none', rule: 'C1' }
  if (profile.family !== 'one-api') return { kind: 'found', tiers: [first, ...rest] }
  const highest = BigInt(first.priority)
  // Its loop that finds the end of the first priority runs for positive ones only.
  if (highest <= 0n) return { kind: 'found', tiers: [oneTier(first.priority, entries)] }
  const others = entries.filter(({ priority }) => priority !== highest)
  const retry = rest[0] === undefined ? [] : [oneTier(rest[0].priority, others)]
  return { kind: 'found', tiers: [first, ...retry] }
}
