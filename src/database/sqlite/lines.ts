import { sql, type RawBuilder } from 'kysely'
import type { StreamRequest } from '../contract.ts'
import { describeField, sourceOf, type StreamField } from './fields.ts'

/** Of each row its line. Line ends and tabs in it are not escaped yet. */
export function selectLines(request: StreamRequest): RawBuilder<unknown> {
  const fields = request.columns.map((column, index) => describeField(column, index))
  return sql`select ${joined('\t', fields)} ${sourceOf(request)} order by ${orderOf(request, fields)}`
}

/** The same of gathered rows, each line after the number of its rows and a tab. */
export function selectGathered(request: StreamRequest): RawBuilder<unknown> {
  const [key, ...others] = request.columns.map((column, index) =>
    describeField(column, index, index === 0 ? '\\' : '\\\\'),
  )
  const rows = sql`group_concat(${joined('\\t', others)}, ${sql.lit('\\n')})`
  const tab = sql.lit('\t')
  return sql`select concat_ws(${tab}, count(*), ${key!.field}, ${rows}) ${sourceOf(request)}
    group by ${key!.order} order by ${key!.order}`
}

/** Of each row the fields of its line, each with its bytes, in the same order. */
export function selectFields(
  request: StreamRequest,
  fields: readonly StreamField[],
): RawBuilder<unknown> {
  const values = fields.flatMap(({ field, value }) => [
    field,
    value === null ? sql`null` : sql`cast(${value} as blob)`,
  ])
  return sql`select ${sql.join(values)} ${sourceOf(request)} order by ${orderOf(request, fields)}`
}

function joined(separator: string, fields: readonly StreamField[]): RawBuilder<string> {
  return sql`concat_ws(${sql.lit(separator)}, ${sql.join(fields.map(({ field }) => field))})`
}

function orderOf({ keyLength }: StreamRequest, fields: readonly StreamField[]) {
  return sql.join(fields.slice(0, keyLength).map(({ order }) => order))
}
