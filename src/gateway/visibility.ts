import type { GatewayVersion } from './versions.ts'

/** Variables of the gateway's environment by name. */
type Variables = Readonly<Record<string, string | undefined>>

/** Seconds between two reads of the database by a caching gateway (new-api main.go:63-90). */
const DEFAULT_SYNC_SECONDS = 60

export interface Visibility {
  /** Whether a running gateway must reload or wait before it uses changed channels. */
  readonly cached: boolean
  /** Longest wait in seconds; 0 when the next request already sees the change. */
  readonly seconds: number
  readonly text: string
}

/**
 * When a running gateway uses changed channels and abilities, by the variables that it is
 * configured with. Redis switches the memory cache on.
 */
export function channelVisibility(variables: Variables): Visibility {
  const cached =
    variables['MEMORY_CACHE_ENABLED'] === 'true' || Boolean(variables['REDIS_CONN_STRING'])
  if (!cached) {
    return {
      cached,
      seconds: 0,
      text: 'A running gateway uses the new rows from its next request; one with MEMORY_CACHE_ENABLED=true within SYNC_FREQUENCY seconds.',
    }
  }
  const seconds = Number(variables['SYNC_FREQUENCY'] ?? '') || DEFAULT_SYNC_SECONDS
  return {
    cached,
    seconds,
    text: `A running gateway caches channels: it uses the new rows within ${seconds} s, or at once after a restart.`,
  }
}

/** What is known of when a running gateway sees changes in its database. */
export interface VisibilityFacts {
  /** Null when no variable says it. */
  readonly isCached: boolean | null
  readonly usesRedis: boolean
  /** Longest wait for changed channels; 0 for the next request, null when it is not known. */
  readonly channelSeconds: number | null
  readonly syncSeconds: number
  /** one-api without a cache reads its options when it starts and never again. */
  readonly optionsNeedRestart: boolean
}

/** By the gateway's variables, as far as they are set here, and its version. */
export function visibilityFacts(
  variables: Variables,
  version: GatewayVersion | null,
): VisibilityFacts {
  const isOneApi = version?.family === 'one-api'
  const usesRedis = Boolean(variables['REDIS_CONN_STRING'])
  const word = variables['MEMORY_CACHE_ENABLED'] || null
  const isCached = usesRedis || (word === null ? null : word === 'true')
  const syncSeconds =
    Number(variables['SYNC_FREQUENCY'] ?? '') || (isOneApi ? 600 : DEFAULT_SYNC_SECONDS)
  return {
    isCached,
    usesRedis,
    channelSeconds: isCached === null ? null : isCached ? syncSeconds : 0,
    syncSeconds,
    optionsNeedRestart: isOneApi && isCached !== true,
  }
}
