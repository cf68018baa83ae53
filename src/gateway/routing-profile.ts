import type { RoutingProfile } from './routing.ts'
import type { GatewayVersion, GatewayVersionId } from './versions.ts'

/**
 * Versions before 2025-03-31, told from the later ones by no column of March 1st, when chat without
 * a price began to be refused: taken for older than that.
 */
const BEFORE_PRICES: ReadonlySet<GatewayVersionId> = new Set([
  'new-api-2024-03',
  'new-api-2024-09',
  'new-api-2024-11',
  'new-api-2024-12',
])

const NEWEST = {
  family: 'new-api',
  isWeighted: true,
  hasTokenGroups: true,
  hasModelWildcards: true,
  readsIpRanges: true,
  refusesDisabledKeys: true,
  unpricedStatus: 400,
} as const satisfies RoutingProfile

/**
 * How a version routes. Without a recognised version that is the newest new-api, whose rules are
 * the strictest: what it serves, every other version serves too.
 *
 * Three changes fall between two versions that columns can tell apart, and count from the later
 * one: IP ranges, refused multi-keys and unpriced tasks (2026-03-02) from 2026-04, unpriced chat
 * (2025-03-01) from 2025-03-31.
 */
export function routingProfile(version: GatewayVersion | null): RoutingProfile {
  if (version === null || version.id === 'new-api-2026-04') return NEWEST
  const { family } = version
  const earlier = { ...NEWEST, family, readsIpRanges: false, refusesDisabledKeys: false }
  switch (family) {
    case 'new-api': {
      const hasTokenGroups = version.id !== 'new-api-2024-03'
      const unpricedStatus = BEFORE_PRICES.has(version.id) ? null : 500
      return { ...earlier, hasTokenGroups, unpricedStatus }
    }
    case 'bltcy-fork':
      // Chat is refused there too, but not what it passes through to the older gateway.
      return { ...earlier, unpricedStatus: null }
    case 'one-api':
      return {
        ...earlier,
        isWeighted: false,
        hasTokenGroups: false,
        hasModelWildcards: false,
        unpricedStatus: null,
      }
  }
}
