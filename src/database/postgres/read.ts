import { sql, type RawBuilder } from 'kysely'
import type { RawCell, RawRow, ReadColumn, ReadRequest } from '../contract.ts'
import type { PostgresSession } from './session.ts'

/** One statement for all requests. See `Database.read`. */
export async function readRows(
  { connection, queries }: PostgresSession,
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

function selectColumn(table: string, { name, fingerprint }: ReadColumn): RawBuilder<unknown> {
  const text = sql`${sql.id(table, name)}::text`
  if (fingerprint === undefined) return text
  const { domain, key } = fingerprint
  const message = sql`convert_to(${`${domain}\n`}::text || ${text}, 'UTF8')`
  const inner = sql`sha256(${Buffer.from(key.inner)}::bytea || ${message})`
  const outer = sql`encode(sha256(${Buffer.from(key.outer)}::bytea || ${inner}), 'hex')`
  return sql`case when ${text} = '' then '' else ${outer} end`
}

function toCell(value: unknown): RawCell | null {
  return value === null ? null : { storage: 'native', text: value as string }
}
