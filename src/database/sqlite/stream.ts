import { setImmediate } from 'node:timers/promises'
import { bucketOfLine } from '../buckets.ts'
import type { StreamRequest } from '../contract.ts'
import { ExactLines } from './exact-lines.ts'
import { selectLines } from './lines.ts'
import type { SqliteReading } from './reading.ts'

const BATCH_ROWS = 500

/** One string for each row, made by SQLite itself. See `DatabaseReader.stream`. */
export async function* streamLines(
  { connection, queries }: SqliteReading,
  request: StreamRequest,
): AsyncGenerator<string[]> {
  const exact = new ExactLines({ connection, queries }, request)
  const { sql: text, parameters } = selectLines(request).compile(queries)
  try {
    for (const batch of connection.batches<string>(text, parameters, {
      form: 'pluck',
      size: BATCH_ROWS,
    })) {
      const wanted = wantedOf(exact.replace(batch), request)
      if (wanted.length > 0) yield wanted
      // Another database may have something to say meanwhile.
      await setImmediate()
    }
  } finally {
    exact.close()
  }
}

function wantedOf(lines: string[], { buckets, keyLength }: StreamRequest): string[] {
  if (buckets === undefined) return lines
  const { count, wanted } = buckets
  return lines.filter((line) => wanted.has(bucketOfLine(line, keyLength, count)))
}
