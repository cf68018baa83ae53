import { sql, type RawBuilder } from 'kysely'
import type { RawCell, RawRow, ReadColumn, ReadRequest } from '../contract.ts'
import type { SqliteValue } from './connection.ts'
import type { SqliteSession } from './session.ts'

/** One statement for each request. See `Database.read`. */
export async function readRows(
  session: Pick<SqliteSession, 'connection' | 'queries'>,
  requests: readonly ReadRequest[],
): Promise<RawRow[][]> {
  return requests.map((request) => {
    const { sql: text, parameters } = compileRequest(session, request)
    return session.connection.rows(text, parameters).map((row) => row.map(toCell))
  })
}

function compileRequest(
  { queries }: Pick<SqliteSession, 'queries'>,
  { table, columns, where }: ReadRequest,
) {
  const cells = sql.join(columns.map((column) => selectColumn(table, column)))
  const condition = where === undefined ? sql`` : sql` where ${where(queries)}`
  return sql`select ${cells} from ${sql.id(table)}${condition}`.compile(queries)
}

function selectColumn(table: string, { name, hide }: ReadColumn): RawBuilder<unknown> {
  const value = sql.id(table, name)
  return hide === undefined ? value : hideValue(value, hide)
}

/** What is shown in the place of a value. */
export function hideValue(
  value: RawBuilder<unknown>,
  hide: NonNullable<ReadColumn['hide']>,
): RawBuilder<string | null> {
  if (hide === 'state') {
    return sql`case when octet_length(${value}) = 0 then '' when ${value} is not null then 'set' end`
  }
  const { domain, key } = hide
  const inner = Buffer.from(key.inner)
  const outer = Buffer.from(key.outer)
  return sql`tidegate_fingerprint(${inner}, ${outer}, ${domain}, ${value}, cast(${value} as blob))`
}

function toCell(value: SqliteValue | undefined): RawCell | null {
  if (typeof value === 'string') return { storage: 'text', text: value }
  if (typeof value === 'bigint') return { storage: 'integer', text: value.toString() }
  if (typeof value === 'number') return { storage: 'real', text: String(value) }
  return value === null || value === undefined
    ? null
    : { storage: 'blob', text: textOfBytes(value) }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 as text; anything else as `\x` and hexadecimal digits. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    const text = UTF8.decode(bytes)
    if (!text.startsWith('\\x')) return text
  } catch {
    // Not UTF-8.
  }
  return hexOfBytes(bytes)
}

export function hexOfBytes(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`
}
