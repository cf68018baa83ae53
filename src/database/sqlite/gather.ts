import { setImmediate } from 'node:timers/promises'
import { sql, type RawBuilder } from 'kysely'
import { bucketOfLine } from '../buckets.ts'
import {
  type GatheredRows,
  type GatherRequest,
  LIST_SEPARATOR,
  type StreamColumn,
  type TypeFamily,
} from '../contract.ts'
import type { SqliteValue } from './connection.ts'
import { escapeEnds } from './exact-lines.ts'
import { describeField, fieldOf, sourceOf } from './fields.ts'
import type { SqliteReading } from './reading.ts'

/** Keys at a time: each has many rows. */
const BATCH = 64

/** What the driver makes of bytes that are not UTF-8. */
const REPLACEMENT = '\uFFFD'

/** One row for each key, made by SQLite itself. See `DatabaseReader.gather`. */
export async function* gatherRows(
  { connection, queries }: SqliteReading,
  request: GatherRequest,
): AsyncGenerator<GatheredRows[]> {
  const { buckets } = request
  const { sql: text, parameters } = selectGathered(request).compile(queries)
  const batches = connection.batches<SqliteValue[]>(text, parameters, { form: 'raw', size: BATCH })
  for (const batch of batches) {
    const rows = batch.map((values) => takeApart(request, values))
    const isWanted = ({ key }: GatheredRows): boolean =>
      buckets === undefined || buckets.wanted.has(bucketOfLine(key, 1, buckets.count))
    yield rows.filter(isWanted)
    // Another database may have something to say meanwhile.
    await setImmediate()
  }
}

function selectGathered({ table, key, listed, common }: GatherRequest): RawBuilder<unknown> {
  const { field, order } = describeField(key, 0)
  const ends = common.map(endsOf)
  const alike = ends.map(({ least, most }) => sql`(${most} is null or ${least} = ${most})`)
  const fields = [
    field,
    sql`count(*)`,
    sql.join([sql`1`, ...alike], sql` and `),
    ...ends.map(({ most, family }) => fieldOf(most, family)),
    ...listed.map((column) => sql`group_concat(${textOf(column)}, ${SEPARATOR})`),
  ]
  const source = sourceOf({ table, columns: [key], keyLength: 1 })
  return sql`select ${sql.join(fields)} ${source} group by ${order} order by ${order}`
}

const SEPARATOR = sql.lit(LIST_SEPARATOR)

function textOf({ name }: StreamColumn): RawBuilder<unknown> {
  const value = sql.id('t', name)
  return sql`case typeof(${value}) when 'text' then ${value} else ${SEPARATOR} end`
}

const NUMERIC: ReadonlySet<TypeFamily> = new Set(['integer', 'number', 'boolean'])

/**
 * The least value of a column, below all others where it is NULL, and the greatest, which is NULL
 * where all are. Numbers that are equal are of one storage class: the affinity of such columns sees
 * to it.
 */
function endsOf({ name, family }: StreamColumn) {
  const column = sql.id('t', name)
  const value = NUMERIC.has(family) ? column : sql`${column} collate binary`
  return { family, least: sql`min(coalesce(${value}, -9e999))`, most: sql`max(${value})` }
}

function takeApart({ common }: GatherRequest, values: readonly SqliteValue[]): GatheredRows {
  const [key, rows, alike, ...others] = values
  const texts = others.map(String)
  const isGood = alike === 1n && !texts.some((text) => text.includes(REPLACEMENT))
  const listed = texts.splice(common.length)
  return {
    key: escapeEnds(String(key)),
    rows: Number(rows),
    common: isGood ? texts.map(escapeEnds) : null,
    listed,
  }
}
