import { BucketDigests } from '../buckets.ts'
import type { BucketDigest, StreamRequest } from '../contract.ts'
import type { SqliteReading } from './reading.ts'
import { streamLines } from './stream.ts'

/** SQLite has no hash function, so the rows are streamed. See `DatabaseReader.digest`. */
export async function digestBuckets(
  reading: SqliteReading,
  request: StreamRequest,
  count: number,
): Promise<ReadonlyMap<number, BucketDigest>> {
  const digests = new BucketDigests(count, request.keyLength)
  for await (const lines of streamLines(reading, request)) {
    for (const line of lines) digests.add(line)
  }
  return digests.result()
}
