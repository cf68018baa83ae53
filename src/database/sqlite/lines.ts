import { sql, type RawBuilder } from 'kysely'
import type { StreamRequest } from '../contract.ts'
import { describeField, sourceOf, type StreamField } from './fields.ts'

/** Of each row its line. Line ends and tabs in it are not escaped yet. */
export function selectLines(request: StreamRequest): RawBuilder<unknown> {
  const fields = request.columns.map((column, index) => describeField(column, index))
  const line = sql`concat_ws(${sql.lit('\t')}, ${sql.join(fields.map(({ field }) => field))})`
  return sql`select ${line} ${sourceOf(request)} order by ${orderOf(request, fields)}`
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

function orderOf({ keyLength }: StreamRequest, fields: readonly StreamField[]) {
  return sql.join(fields.slice(0, keyLength).map(({ order }) => order))
}
