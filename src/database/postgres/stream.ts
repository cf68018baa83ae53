import { sql } from 'kysely'
import type { StreamRequest } from '../contract.ts'
import { createCopy } from './copy.ts'
import { describeStream } from './fields.ts'
import { beginReading, type PostgresReading } from './reading.ts'

/** One COPY. See `DatabaseReader.stream`. */
export async function* streamLines(
  reading: PostgresReading,
  request: StreamRequest,
): AsyncGenerator<string[]> {
  const end = await beginReading(reading)
  try {
    const { texts, order, source, settings } = describeStream(request)
    await settings.apply(reading)
    const select = sql`select ${sql.join(texts)} ${source} order by ${order}`
    const { sql: text } = sql`copy (${select}) to stdout`.compile(reading.queries)
    yield* reading.connection.copy(await createCopy(text))
  } finally {
    await end()
  }
}
