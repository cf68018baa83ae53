import { sql } from 'kysely'
import { DatabaseError } from '../../errors.ts'
import type { TableSize } from '../contract.ts'
import type { SqliteReading } from './reading.ts'

/** The largest row number, and the size of the file: SQLite counts no pages of a table. */
export function readSize({ connection, queries }: SqliteReading, table: string): TableSize {
  const [pages] = connection.rows(
    'select page_count * page_size from pragma_page_count, pragma_page_size',
  )
  const bytes = Number(pages![0])
  try {
    const largest = sql`select coalesce(max(_rowid_), 0) from ${sql.id(table)}`.compile(queries)
    return { rows: Math.max(0, Number(connection.rows(largest.sql)[0]![0])), bytes }
  } catch (error) {
    // A table WITHOUT ROWID.
    if (error instanceof DatabaseError && error.facts.sqlState === 'SQLITE_NO_SUCH_COLUMN') {
      return { rows: 0, bytes }
    }
    throw error
  }
}
