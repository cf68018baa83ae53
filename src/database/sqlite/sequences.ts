import { sql } from 'kysely'
import type { SqliteSession } from './session.ts'

/** The largest id plus one, as SQLite itself would choose. See `Database.nextId`. */
export async function nextId(
  { connection, queries }: SqliteSession,
  table: string,
): Promise<string> {
  const next = sql`select coalesce(max("id"), 0) + 1 from ${sql.id(table)}`.compile(queries)
  return String(connection.rows(next.sql, next.parameters)[0]![0])
}
