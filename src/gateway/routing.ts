import type { AbilityFacts, ChannelFacts } from './facts.ts'
import type { GatewayVersion } from './versions.ts'

/**
 * How a gateway picks the channel of a request: with its memory cache off `abilities` decides, with
 * the cache on `channels` does. Pure, and the same for both dialects.
 */

export const CACHE_MODES = ['cache-off', 'cache-on'] as const

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

/** Channels of one priority. The first tier serves, the next ones only retries. */
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
