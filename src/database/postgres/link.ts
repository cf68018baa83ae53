import type { LinkFacts } from '../contract.ts'
import type { PostgresReading } from './reading.ts'

const NEAR_MS = 5
const SAMPLE_BYTES = 262_144

/** Round trip, and bandwidth where the server is far enough for it to matter. */
export async function measureLink(reading: PostgresReading): Promise<LinkFacts> {
  const roundTrips = await timesOf(reading, 'select 1', 3)
  const [, roundTripMs] = roundTrips.toSorted((a, b) => a - b) as [number, number, number]
  if (roundTripMs <= NEAR_MS) return { roundTripMs, bandwidth: Infinity }
  const samples = await timesOf(reading, `select repeat('x', ${SAMPLE_BYTES})`, 2)
  // What is no slower than a round trip cannot be measured.
  const milliseconds = Math.max(Math.min(...samples) - roundTripMs, 1)
  return { roundTripMs, bandwidth: (SAMPLE_BYTES * 1000) / milliseconds }
}

async function timesOf(
  { connection }: PostgresReading,
  text: string,
  count: number,
): Promise<number[]> {
  const times: number[] = []
  for (let number = 0; number < count; number += 1) {
    const startedAt = performance.now()
    await connection.run(text)
    times.push(performance.now() - startedAt)
  }
  return times
}
