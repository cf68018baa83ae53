import type { BucketDigest, StreamRequest } from '../contract.ts'
import { bucketOfLine, digestOf } from './bucket.ts'
import type { SqliteReading } from './reading.ts'
import { streamLines } from './stream.ts'

/** SQLite has no hash function, so the rows are streamed. See `DatabaseReader.digest`. */
export async function digestBuckets(
  reading: SqliteReading,
  request: StreamRequest,
  count: number,
): Promise<ReadonlyMap<number, BucketDigest>> {
  const rows = new Uint32Array(count)
  const high = new Uint32Array(count)
  const low = new Uint32Array(count)
  for await (const lines of streamLines(reading, request)) {
    for (const line of lines) {
      const bucket = bucketOfLine(line, request.keyLength, count)
      const half = digestOf(line)
      rows[bucket]! += 1
      high[bucket]! ^= half(0)
      low[bucket]! ^= half(1)
    }
  }
  const digests = new Map<number, BucketDigest>()
  rows.forEach((rows, bucket) => {
    const digest = `${hexOf(high[bucket]!)}${hexOf(low[bucket]!)}`
    if (rows > 0) digests.set(bucket, { rows, digest })
  })
  return digests
}

function hexOf(half: number): string {
  return half.toString(16).padStart(8, '0')
}
