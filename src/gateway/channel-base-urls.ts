import { readInteger } from './cell-numbers.ts'
import type { GatewayVersion, GatewayVersionId } from './versions.ts'

/** `null`: NULL is read as no URL at all; the others are about an empty one. */
export type BaseUrlProblem = 'null' | 'no-default' | 'out-of-range'

interface UrlTable {
  /** Type numbers without a built-in URL. */
  readonly without: ReadonlySet<number>
  /** The last number that the table has. */
  readonly last: number
}

/** new-api constant/channel.go, without types whose adaptors know their host (Xunfei, AWS, Vertex). */
const NEW_API_WITHOUT = [0, 3, 8, 11, 28, 29, 30, 32, 36, 47]

/** Adaptors that build their URL from the region or know it, and never read `base_url`. */
const NEW_API_OWN_HOST: ReadonlySet<number> = new Set([18, 33, 41])

/** one-api relay/channeltype/url.go, without Xunfei (18), AWS (33) and Vertex AI (42) likewise. */
const ONE_API: UrlTable = { without: new Set([0, 3, 8, 43, 50]), last: 51 }

const NEW_API_2025: UrlTable = { without: new Set(NEW_API_WITHOUT), last: 55 }

const NEW_API_2026: UrlTable = { without: new Set(NEW_API_WITHOUT), last: 58 }

const FORK: UrlTable = { without: new Set([...NEW_API_WITHOUT, 55]), last: 55 }

/** Versions whose table may have grown beyond 55 already. */
const GROWING: ReadonlySet<GatewayVersionId> = new Set([
  'new-api-2025-11',
  'new-api-2025-12',
  'new-api-2026-04',
])

/**
 * Why a channel has no URL to send requests to; null when it has one. An empty URL means the one
 * that is built in for the type; a type beyond the table ends the request with a panic. NULL is no
 * URL in new-api (model/channel.go:414-423), and the same as empty in one-api
 * (relay/meta/relay_meta.go:61-63).
 */
export function baseUrlProblem(
  version: GatewayVersion | null,
  type: string | null,
  baseUrl: string | null,
): BaseUrlProblem | null {
  if (baseUrl !== null && baseUrl !== '') return null
  const number = Number(readInteger(type) ?? 0n)
  const isOneApi = version?.family === 'one-api'
  if (!isOneApi && NEW_API_OWN_HOST.has(number)) return null
  if (baseUrl === null && !isOneApi) return 'null'
  const { without, last } = urlTable(version)
  if (number < 0 || number > last) return 'out-of-range'
  return without.has(number) ? 'no-default' : null
}

function urlTable(version: GatewayVersion | null): UrlTable {
  if (version === null) return NEW_API_2026
  if (version.family === 'one-api') return ONE_API
  if (version.family === 'bltcy-fork') return FORK
  return GROWING.has(version.id) ? NEW_API_2026 : NEW_API_2025
}
