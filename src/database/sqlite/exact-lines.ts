import { isUtf8 } from 'node:buffer'
import type { StreamRequest } from '../contract.ts'
import type { SqliteValue } from './connection.ts'
import { describeField, type StreamField } from './fields.ts'
import { selectFields } from './lines.ts'
import { hexOfBytes } from './read.ts'
import type { SqliteReading } from './reading.ts'

/** What a line that SQLite made can only be taken apart without. */
const DOUBTFUL = /[\n\r\uFFFD]/

/**
 * Lines that cannot be used as they are: a value holds a tab or a line end, or bytes that are not
 * UTF-8, of which the driver makes U+FFFD. They are made again from their fields, by a second run
 * of the same statement, which goes through the rows in the same order.
 */
export class ExactLines {
  readonly #reading: Pick<SqliteReading, 'connection' | 'queries'>
  readonly #request: StreamRequest
  readonly #fields: readonly StreamField[]
  readonly #tabs: number
  /** Most streams have no such line, and need no second statement. */
  #rows: Generator<SqliteValue[]> | null = null
  /** Lines so far, and of those the ones that the second statement has passed. */
  #seen = 0
  #passed = 0

  constructor(reading: Pick<SqliteReading, 'connection' | 'queries'>, request: StreamRequest) {
    this.#reading = reading
    this.#request = request
    this.#fields = request.columns.map((column, index) => describeField(column, index))
    this.#tabs = this.#fields.length - 1
  }

  /** @param lines all of them, batch by batch */
  replace(lines: readonly string[]): string[] {
    return lines.map((line) => {
      this.#seen += 1
      return DOUBTFUL.test(line) || countTabs(line) !== this.#tabs ? this.#remake() : line
    })
  }

  close(): void {
    this.#rows?.return(undefined)
  }

  /** The last line that was seen. */
  #remake(): string {
    this.#rows ??= this.#open()
    for (; this.#passed < this.#seen - 1; this.#passed += 1) this.#rows.next()
    this.#passed += 1
    return this.#exactFields(this.#rows.next().value as SqliteValue[]).join('\t')
  }

  #open(): Generator<SqliteValue[]> {
    const { connection, queries } = this.#reading
    const { sql: text, parameters } = selectFields(this.#request, this.#fields).compile(queries)
    return flatten(connection.batches(text, parameters, { form: 'raw', size: 500 }))
  }

  #exactFields(values: readonly SqliteValue[]): string[] {
    return this.#fields.map((field, index) =>
      exactField(field, String(values[2 * index]), values[2 * index + 1]),
    )
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
    return escapeEnds(field)
  }
  const isOwn = family === 'json' && !field.startsWith('\\T')
  return `${isOwn ? '' : '\\B'}\\${hexOfBytes(bytes)}`
}

/** What SQL left unescaped. */
export function escapeEnds(text: string): string {
  return text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}
