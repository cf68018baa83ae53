import { sql, type RawBuilder } from 'kysely'
import type { StreamColumn, StreamRequest } from '../contract.ts'
import { hideText, type Binder } from './read.ts'
import type { PostgresReading } from './reading.ts'

/** The parts of a statement that reads the rows of a stream. */
export interface StreamParts {
  /** One for each column: its value as text. */
  readonly texts: readonly RawBuilder<string | null>[]
  /** The same for COPY, which writes an integer as its text: a cast makes rows that are sorted wide. */
  readonly copied: readonly RawBuilder<unknown>[]
  readonly order: RawBuilder<unknown>
  /** FROM and WHERE. */
  readonly source: RawBuilder<unknown>
  /** What the statement takes from its session instead of parameters. */
  readonly settings: Settings
}

export function describeStream(request: StreamRequest): StreamParts {
  const settings = new Settings()
  const texts = request.columns.map((column, index) => textOf(column, index, settings))
  const copied = request.columns.map((column, index) =>
    isInteger(column) ? sql.id('t', column.name) : texts[index]!,
  )
  const key = request.columns.slice(0, request.keyLength)
  const order = sql.join(key.map((column, index) => orderOf(column, texts[index]!)))
  const condition = conditionOf(request, texts, settings)
  return { texts, copied, order, source: sql`from ${tablesOf(request)}${condition}`, settings }
}

/** SHA-256 of fields that are joined as in a line. */
export function hashOf(
  columns: readonly StreamColumn[],
  texts: readonly RawBuilder<string | null>[],
): RawBuilder<string> {
  return sql`encode(sha256(convert_to(${lineOf(columns, texts)}, 'UTF8')), 'hex')`
}

function lineOf(
  columns: readonly StreamColumn[],
  texts: readonly RawBuilder<string | null>[],
): RawBuilder<string> {
  const fields = columns.map((column, index) => fieldOf(column, texts[index]!))
  return sql.join(fields, sql` || E'\\t' || `)
}

/** The number of a bucket, from the hash of the key. */
export function bucketOf(
  hash: RawBuilder<string>,
  count: number,
  settings: Settings,
): RawBuilder<number> {
  return sql`(('x' || left(${hash}, 8))::bit(32)::bigint % ${settings.integer(count)})`
}

/**
 * Values for a statement that takes no parameters, such as a COPY: settings of the transaction. A
 * key must not stand in the text, which the server logs and shows.
 */
export class Settings implements Binder {
  readonly #values: string[] = []

  text(value: string): RawBuilder<string> {
    this.#values.push(value)
    // As a query of its own it is read once and not for each row.
    return sql`(select current_setting(${sql.lit(nameOf(this.#values.length - 1))}))`
  }

  bytes(value: Uint8Array): RawBuilder<Uint8Array> {
    const setting = this.text(Buffer.from(value).toString('hex'))
    return sql`(select decode(${setting}, 'hex'))`
  }

  integer(value: number): RawBuilder<number> {
    return sql`(select ${this.text(String(value))}::bigint)`
  }

  integers(values: Iterable<number>): RawBuilder<number[]> {
    // The cast makes it an array: ANY would look for a row of the query.
    return sql`(select ${this.text(`{${[...values].join(',')}}`)}::bigint[])::bigint[]`
  }

  async apply({ connection }: PostgresReading): Promise<void> {
    if (this.#values.length === 0) return
    const names = this.#values.map((_, index) => nameOf(index))
    await connection.run(SET, [names, this.#values])
  }
}

const SET = `
  select set_config(name, value, true) from unnest($1::text[], $2::text[]) as setting(name, value)`

function nameOf(index: number): string {
  return `tidegate.value_${index}`
}

function textOf(column: StreamColumn, index: number, settings: Settings) {
  const text = sql<string | null>`${valueOf(column, index)}::text`
  return column.hide === undefined ? text : hideText(text, column.hide, settings)
}

function valueOf({ name, reference }: StreamColumn, index: number): RawBuilder<unknown> {
  return reference === undefined ? sql.id('t', name) : sql.id(`r${index}`, reference.show)
}

function isInteger({ family, reference, hide }: StreamColumn): boolean {
  return family === 'integer' && reference === undefined && hide === undefined
}

function orderOf(column: StreamColumn, text: RawBuilder<string | null>): RawBuilder<unknown> {
  const isNumber = isInteger(column)
  const value = isNumber ? sql.id('t', column.name) : sql`${text} collate "C"`
  // An index keeps its NULLs last: it gives this order only where there are none.
  return column.nullable === false && isNumber ? value : sql`${value} nulls first`
}

function tablesOf({ table, columns }: StreamRequest): RawBuilder<unknown> {
  const joins = columns.map(({ name, reference }, index) => {
    if (reference === undefined) return sql``
    const referred = sql.id(`r${index}`, 'id')
    const alias = sql.id(`r${index}`)
    return sql` left join ${sql.id(reference.table)} as ${alias} on ${referred} = ${sql.id('t', name)}`
  })
  return sql`${sql.id(table)} as t${sql.join(joins, sql``)}`
}

function conditionOf(
  { columns, keyLength, whereNull, buckets }: StreamRequest,
  texts: readonly RawBuilder<string | null>[],
  settings: Settings,
): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = []
  if (whereNull !== undefined) conditions.push(sql`${sql.id('t', whereNull)} is null`)
  if (buckets !== undefined) {
    const bucket = bucketOf(hashOf(columns.slice(0, keyLength), texts), buckets.count, settings)
    conditions.push(sql`${bucket} = any (${settings.integers(buckets.wanted)})`)
  }
  return conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`
}

const ESCAPES = [
  [`E'\\\\'`, `E'\\\\\\\\'`],
  [`E'\\t'`, `E'\\\\t'`],
  [`E'\\n'`, `E'\\\\n'`],
  [`E'\\r'`, `E'\\\\r'`],
] as const

/** Of these no value has a character that has to be escaped. */
const PLAIN: ReadonlySet<StreamColumn['family']> = new Set(['integer', 'boolean', 'number'])

function fieldOf(
  { family, reference }: StreamColumn,
  text: RawBuilder<string | null>,
): RawBuilder<string> {
  if (reference === undefined && PLAIN.has(family)) return sql`coalesce(${text}, E'\\\\N')`
  const escaped = ESCAPES.reduce<RawBuilder<string | null>>(
    (field, [plain, escape]) => sql`replace(${field}, ${sql.raw(plain)}, ${sql.raw(escape)})`,
    text,
  )
  return sql`coalesce(${escaped}, E'\\\\N')`
}
