import type { ConnectionTiming } from '../database/contract.ts'
import type { ConnectionFacts } from './diagnosis.ts'

const PARTS = ['dns', 'tcp', 'tls', 'authentication'] as const

/** Times so many connections, one after the other. What `timeOnce` throws is thrown. */
export async function measureConnection(
  timeOnce: () => Promise<ConnectionTiming>,
  samples = 5,
): Promise<ConnectionFacts> {
  const taken: ConnectionTiming[] = []
  while (taken.length < samples) taken.push(await timeOnce())
  const times = (part: keyof ConnectionTiming) => taken.map((sample) => sample[part])
  const total = medianOf(times('total')) ?? 0
  const parts = Object.fromEntries(PARTS.map((part) => [part, medianOf(times(part))]))
  const median = { ...parts, query: medianOf(times('query')) ?? 0, total } as ConnectionTiming
  return { samples: taken, medianMs: total, median }
}

/** Of those that are not null; null when all are. */
function medianOf(times: readonly (number | null)[]): number | null {
  const sorted = times.filter((time) => time !== null).toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : (upper + sorted[middle - 1]!) / 2
}

const PART_NAMES = {
  dns: 'DNS',
  tcp: 'TCP',
  tls: 'TLS',
  authentication: 'auth',
  query: 'SELECT 1',
} as const

/** `DNS: 1 ms, TCP: 20 ms, TLS: 45 ms, auth: 12 ms, SELECT 1: 19 ms`, in any language. */
export function describeParts(timing: ConnectionTiming): string {
  const parts = Object.entries(PART_NAMES).flatMap(([part, name]) => {
    const ms = timing[part as keyof typeof PART_NAMES]
    return ms === null ? [] : [`${name}: ${Math.round(ms)} ms`]
  })
  return parts.join(', ')
}
