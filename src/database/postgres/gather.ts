import { sql, type RawBuilder } from 'kysely'
import {
  type GatheredRows,
  type GatherRequest,
  LIST_SEPARATOR,
  type StreamColumn,
  type StreamRequest,
} from '../contract.ts'
import type { StreamParts } from './fields.ts'
import type { PostgresReading } from './reading.ts'
import { copyLines } from './stream.ts'

/** One COPY of a line for each key. See `DatabaseReader.gather`. */
export async function* gatherRows(
  reading: PostgresReading,
  request: GatherRequest,
): AsyncGenerator<GatheredRows[]> {
  const { key, listed, common, ...others } = request
  const rows: StreamRequest = { ...others, columns: [key, ...listed, ...common], keyLength: 1 }
  const lines = copyLines(reading, rows, (parts) => selectGathered(request, parts))
  for await (const batch of lines) yield batch.map((line) => takeApart(request, line))
}

function selectGathered(
  { key, listed, common }: GatherRequest,
  { copied, order, source }: StreamParts,
): RawBuilder<unknown> {
  const ends = common.map(endsOf)
  const alike = ends.map(
    ({ value, least, most }) =>
      sql`(count(${value}) = 0 or count(${value}) = count(*) and ${least} = ${most})`,
  )
  const fields = [
    copied[0]!,
    sql`count(*)`,
    sql`case when ${sql.join([sql`true`, ...alike], sql` and `)} then 1 else 0 end`,
    ...ends.map(({ least }) => sql`${least}::text`),
    ...listed.map((column) => sql`string_agg(${textOf(column)}, ${SEPARATOR})`),
  ]
  return sql`select ${sql.join(fields)} ${source} group by ${sql.id('t', key.name)} order by ${order}`
}

const SEPARATOR = sql.lit(LIST_SEPARATOR)

function textOf({ name, nullable }: StreamColumn): RawBuilder<string> {
  const text = sql<string>`${sql.id('t', name)}::text`
  return nullable === false ? text : sql`coalesce(${text}, ${SEPARATOR})`
}

/** The least and the greatest value of a column. */
function endsOf({ name, family }: StreamColumn) {
  const column = sql.id('t', name)
  if (family === 'boolean') {
    return { value: column, least: sql`bool_and(${column})`, most: sql`bool_or(${column})` }
  }
  const value = family === 'integer' ? column : sql`(${column}::text collate "C")`
  return { value, least: sql`min(${value})`, most: sql`max(${value})` }
}

function takeApart({ common }: GatherRequest, line: string): GatheredRows {
  const [key = '', rows, alike, ...fields] = line.split('\t')
  const listed = fields.splice(common.length)
  // COPY wrote something else than the text.
  const isEscaped = listed.some((text) => text.includes('\\'))
  return { key, rows: Number(rows), common: alike === '1' && !isEscaped ? fields : null, listed }
}
