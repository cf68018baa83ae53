import type { ConnectionFacts, PoolFacts } from '../diagnosis.ts'

/** Milliseconds for a new connection, of which the incident's guide says that it is slow. */
export const SLOW_MS = 1000

/** The gateway's own values where no variable is set. */
export const POOL_DEFAULTS = { maxIdle: 100, maxOpen: 1000, maxLifetimeSeconds: 60 } as const

/** Nearly used up, of what ordinary users get. */
const FULL = 0.9

export function isSlow({ medianMs }: ConnectionFacts): boolean {
  return medianMs > SLOW_MS
}

/** Connections that the server gives to ordinary users. */
export function availableConnections({ serverMax, serverReserved }: PoolFacts): number {
  return serverMax - serverReserved
}

export function maxOpen(pool: PoolFacts): number {
  return pool.maxOpen ?? POOL_DEFAULTS.maxOpen
}

export function isOversized(pool: PoolFacts): boolean {
  return maxOpen(pool) > availableConnections(pool)
}

export function isNearlyFull(pool: PoolFacts): boolean {
  return pool.inUse >= availableConnections(pool) * FULL
}
