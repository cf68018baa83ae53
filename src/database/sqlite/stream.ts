import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { bucketOfLine } from '../buckets.ts'
import type { StreamRequest } from '../contract.ts'
import type { SqliteValue } from './connection.ts'
import { describeField, sourceOf, type StreamField } from './fields.ts'
import { hexOfBytes } from './read.ts'
import type { SqliteReading } from './reading.ts'

/** One string for each row, made by SQLite itself. See `DatabaseReader.stream`. */
export async function* streamLines(
  reading: SqliteReading,
  request: StreamRequest,
): AsyncGenerator<string[]> {
  const fields = request.columns.map(describeField)
  const exact = new ExactLines(reading, request, fields)
  const line = sql`concat_ws(${sql.lit('\t')}, ${sql.join(fields.map(({ field }) => field))})`
  const { sql: text, parameters } = selectOf(request, fields, line).compile(reading.queries)
  try {
    let first = 0
    for (const batch of reading.connection.batches<string>(text, parameters, 'pluck')) {
      const lines = batch.map((line, index) => exact.replace(line, first + index))
      first += lines.length
      const wanted = wantedOf(lines, request)
      if (wanted.length > 0) yield wanted
      // Another database may have something to say meanwhile.
      await setImmediate()
    }
  } finally {
    exact.close()
  }
}

function selectOf(
  request: StreamRequest,
  fields: readonly StreamField[],
  values: ReturnType<typeof sql>,
) {
  const order = sql.join(fields.slice(0, request.keyLength).map(({ order }) => order))
  return sql`select ${values}${sourceOf(request)} order by ${order}`
}

function wantedOf(lines: string[], { buckets, keyLength }: StreamRequest): string[] {
  if (buckets === undefined) return lines
  const { count, wanted } = buckets
  return lines.filter((line) => wanted.has(bucketOfLine(line, keyLength, count)))
}

/** What a line that SQLite made can only be taken apart without. */
const DOUBTFUL = /[\n\r\uFFFD]/

/**
 * Lines that cannot be used as they are: a value holds a tab or a line end, or bytes that are not
 * UTF-8, of which the driver makes U+FFFD. They are made again from their fields, by a second run
 * of the same statement, which goes through the rows in the same order.
 */
class ExactLines {
  readonly #reading: SqliteReading
  readonly #request: StreamRequest
  readonly #fields: readonly StreamField[]
  /** Most streams have no such line, and need no second statement. */
  #rows: Generator<SqliteValue[]> | null = null
  #next = 0

  constructor(reading: SqliteReading, request: StreamRequest, fields: readonly StreamField[]) {
    this.#reading = reading
    this.#request = request
    this.#fields = fields
  }

  #open(): Generator<SqliteValue[]> {
    const values = this.#fields.flatMap(({ field, value }) => [
      field,
      value === null ? sql`null` : sql`cast(${value} as blob)`,
    ])
    const select = selectOf(this.#request, this.#fields, sql.join(values))
    const { sql: text, parameters } = select.compile(this.#reading.queries)
    return flatten(this.#reading.connection.batches(text, parameters, 'raw'))
  }

  replace(line: string, row: number): string {
    if (!DOUBTFUL.test(line) && countTabs(line) === this.#fields.length - 1) return line
    this.#rows ??= this.#open()
    let values = this.#rows.next().value as SqliteValue[]
    for (this.#next += 1; this.#next <= row; this.#next += 1) values = this.#rows.next().value
    return this.#fields
      .map((field, index) => exactField(field, String(values[2 * index]), values[2 * index + 1]))
      .join('\t')
  }

  close(): void {
    this.#rows?.return(undefined)
  }
}

function countTabs(line: string): number {
  let tabs = 0
  for (let at = line.indexOf('\t'); at !== -1; at = line.indexOf('\t', at + 1)) tabs += 1
  return tabs
}

function* flatten<T>(batches: Iterable<T[]>): Generator<T> {
  for (const batch of batches) yield* batch
}

function exactField(
  { family }: StreamField,
  field: string,
  bytes: SqliteValue | undefined,
): string {
  if (!field.includes('\uFFFD') || !Buffer.isBuffer(bytes) || isUtf8(bytes)) {
    return field.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  }
  const isOwn = family === 'json' && !field.startsWith('\\T')
  return `${isOwn ? '' : '\\B'}\\${hexOfBytes(bytes)}`
}
