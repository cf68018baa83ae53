import { type RawBuilder, sql } from 'kysely'
import type { StreamRequest } from '../contract.ts'
import { createCopy } from './copy.ts'
import { describeStream, type StreamParts } from './fields.ts'
import { beginReading, type PostgresReading } from './reading.ts'

/** One COPY. See `DatabaseReader.stream`. */
export function streamLines(
  reading: PostgresReading,
  request: StreamRequest,
): AsyncGenerator<string[]> {
  return copyLines(
    reading,
    request,
    ({ copied, order, source }) => sql`select ${sql.join(copied)} ${source} order by ${order}`,
  )
}

/** What COPY writes of a statement that is made of the parts of a request. */
export async function* copyLines(
  reading: PostgresReading,
  request: StreamRequest,
  select: (parts: StreamParts) => RawBuilder<unknown>,
): AsyncGenerator<string[]> {
  const end = await beginReading(reading)
  try {
    const parts = describeStream(request)
    await parts.settings.apply(reading)
    const { sql: text } = sql`copy (${select(parts)}) to stdout`.compile(reading.queries)
    yield* reading.connection.copy(await createCopy(text))
  } finally {
    await end()
  }
}
