import { sql, type RawBuilder } from 'kysely'
import type { RawCell, RawRow, ReadColumn, ReadRequest } from '../contract.ts'
import type { PostgresSession } from './session.ts'

/** One statement for all requests. See `Database.read`. */
export async function readRows(
  { connection, queries }: Pick<PostgresSession, 'connection' | 'queries'>,
  requests: readonly ReadRequest[],
): Promise<RawRow[][]> {
  const results = requests.map((): RawRow[] => [])
  if (requests.length === 0) return results
  const width = Math.max(...requests.map(({ columns }) => columns.length))
  const selects = requests.map((request, index) => {
    const where = request.where?.(queries)
    return selectRequest(request, { index, width, where })
  })
  const { sql: text, parameters } = sql.join(selects, sql` union all `).compile(queries)
  for (const [index, ...values] of await connection.rows(text, parameters)) {
    const { length } = requests[index as number]!.columns
    results[index as number]!.push(values.slice(0, length).map(toCell))
  }
  return results
}

interface Place {
  readonly index: number
  /** Every SELECT of a UNION has as many columns as the widest. */
  readonly width: number
  readonly where: RawBuilder<boolean> | undefined
}

function selectRequest({ table, columns }: ReadRequest, { index, width, where }: Place) {
  const cells = columns.map((column) => selectColumn(table, column))
  const padding = Array.from({ length: width - columns.length }, () => sql`null::text`)
  const values = sql.join([sql`${index}::int`, ...cells, ...padding])
  const condition = where === undefined ? sql`` : sql` where ${where}`
  return sql`select ${values} from ${sql.id(table)}${condition}`
}

function selectColumn(table: string, { name, hide }: ReadColumn): RawBuilder<unknown> {
  const text = sql`${sql.id(table, name)}::text`
  return hide === undefined ? text : hideText(text, hide, PARAMETERS)
}

/** How a statement gets the values that must not stand in its text. */
export interface Binder {
  text(value: string): RawBuilder<string>
  bytes(value: Uint8Array): RawBuilder<Uint8Array>
}

const PARAMETERS: Binder = {
  text: (value) => sql`${value}::text`,
  bytes: (value) => sql`${Buffer.from(value)}::bytea`,
}

/** What is shown in the place of a text. */
export function hideText(
  text: RawBuilder<unknown>,
  hide: NonNullable<ReadColumn['hide']>,
  bind: Binder,
): RawBuilder<string | null> {
  if (hide === 'state') return sql`case when ${text} = '' then '' when ${text} <> '' then 'set' end`
  const { domain, key } = hide
  const message = sql`convert_to(${bind.text(`${domain}\n`)} || ${text}, 'UTF8')`
  const inner = sql`sha256(${bind.bytes(key.inner)} || ${message})`
  const outer = sql`encode(sha256(${bind.bytes(key.outer)} || ${inner}), 'hex')`
  return sql`case when ${text} = '' then '' else ${outer} end`
}

/** See `Database.hide`. */
export function hidePlain(
  value: RawBuilder<unknown>,
  hide: NonNullable<ReadColumn['hide']>,
): RawBuilder<string | null> {
  return hideText(sql`(${value})::text`, hide, PARAMETERS)
}

function toCell(value: unknown): RawCell | null {
  return value === null ? null : { storage: 'native', text: value as string }
}
