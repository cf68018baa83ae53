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
