import { sql } from 'kysely'
import type { StreamRequest } from '../contract.ts'
import { createCopy } from './copy.ts'
import { describeStream, gatherRows, type StreamParts } from './fields.ts'
import { beginReading, type PostgresReading } from './reading.ts'

/** One COPY. See `DatabaseReader.stream`. */
export async function* streamLines(
  reading: PostgresReading,
  request: StreamRequest,
): AsyncGenerator<string[]> {
  const end = await beginReading(reading)
  try {
    const parts = describeStream(request)
    await parts.settings.apply(reading)
    const { sql: text } = sql`copy (${selectOf(request, parts)}) to stdout`.compile(reading.queries)
    yield* reading.connection.copy(await createCopy(text))
  } finally {
    await end()
  }
}

function selectOf(request: StreamRequest, { texts, copied, order, source }: StreamParts) {
  if (request.gathered !== true) return sql`select ${sql.join(copied)} ${source} order by ${order}`
  const key = sql.id('t', request.columns[0]!.name)
  const rows = gatherRows(request, texts)
  return sql`select ${texts[0]!}, ${rows} ${source} group by ${key} order by ${order}`
}
