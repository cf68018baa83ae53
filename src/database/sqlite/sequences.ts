import { sql } from 'kysely'
import type { SqliteSession } from './session.ts'

/** From the largest id plus one, as SQLite itself would choose. See `Database.nextIds`. */
export async function nextIds(
  { connection, queries }: SqliteSession,
  table: string,
  count: number,
): Promise<string[]> {
  const next = sql`select coalesce(max("id"), 0) + 1 from ${sql.id(table)}`.compile(queries)
  const first = connection.rows(next.sql, next.parameters)[0]![0] as bigint
  return Array.from({ length: count }, (_, index) => String(first + BigInt(index)))
}
