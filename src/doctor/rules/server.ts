import type { ConnectionTiming } from '../../database/contract.ts'
import type { PoolFacts } from '../diagnosis.ts'
import { describeParts } from '../connection.ts'
import type { Rule } from '../world.ts'
import { rowEvidence } from './evidence.ts'
import { availableConnections, isNearlyFull, isOversized, isSlow, maxOpen } from './limits.ts'

/** Slow to connect. */
export const N1: Rule = ({ connection }) => {
  if (connection === null || !isSlow(connection)) return null
  const [part, partMs] = longestPart(connection.median)
  return {
    facts: {
      median: milliseconds(connection.medianMs),
      samples: String(connection.samples.length),
      part,
      partMs: milliseconds(partMs),
      parts: describeParts(connection.median),
    },
    evidence: [],
    repair: { kind: 'advice' },
  }
}

/** A pool larger than the server allows. */
export const N2: Rule = ({ pool }) => {
  if (pool === null || !isOversized(pool)) return null
  return {
    // Without the variable it is the gateway's default that is judged, and it may be set elsewhere.
    severity: pool.maxOpen === null ? 'info' : 'warning',
    facts: { maxOpen: String(maxOpen(pool)), ...limitFacts(pool) },
    evidence: [settingEvidence(pool)],
    repair: { kind: 'advice' },
  }
}

/** Hardly a connection left. */
export const N3: Rule = ({ pool }) => {
  if (pool === null || !isNearlyFull(pool)) return null
  return {
    facts: { inUse: String(pool.inUse), ...limitFacts(pool) },
    evidence: [settingEvidence(pool)],
    repair: { kind: 'advice' },
  }
}

/** Written so lately that a caching gateway may not know it yet. */
export const K1: Rule = ({ visibility, modes, recentRuns }) => {
  if (visibility.isCached === false || !modes.includes('cache-on')) return null
  if (recentRuns.length === 0) return null
  return {
    facts: { seconds: String(visibility.channelSeconds ?? visibility.syncSeconds) },
    evidence: recentRuns.map(({ id, command, startedAt }) =>
      rowEvidence('tidegate_runs', id, null, { command, started_at: startedAt }),
    ),
    modes: ['cache-on'],
    repair: { kind: 'advice' },
  }
}

const PARTS = ['dns', 'tcp', 'tls', 'authentication', 'query'] as const

function longestPart(sample: ConnectionTiming): [part: string, ms: number] {
  const parts = PARTS.map((part): [string, number] => [part, sample[part] ?? 0])
  return parts.reduce((longest, part) => (part[1] > longest[1] ? part : longest))
}

function milliseconds(ms: number): string {
  return String(Math.round(ms))
}

function limitFacts(pool: PoolFacts) {
  return {
    available: String(availableConnections(pool)),
    serverMax: String(pool.serverMax),
    reserved: String(pool.serverReserved),
  }
}

function settingEvidence({ serverMax, inUse }: PoolFacts) {
  return rowEvidence('pg_settings', 'max_connections', null, {
    setting: String(serverMax),
    'count(pg_stat_activity)': String(inUse),
  })
}
