import { sql } from 'kysely'
import { inBatches } from '../batches.ts'
import type { CatalogColumn, Database } from '../contract.ts'
import { bindValue } from './bind.ts'
import type { SqliteSession } from './session.ts'

/** One prepared statement, row by row. See `Database.insertRows`. */
export async function insertRows(
  { connection, queries }: Pick<SqliteSession, 'connection' | 'queries'>,
  table: string,
  columns: readonly CatalogColumn[],
  rows: Parameters<Database['insertRows']>[2],
): Promise<number> {
  const names = sql.join(columns.map(({ name }) => sql.id(name)))
  const places = sql.join(columns.map(() => null))
  const insert = sql`insert into ${sql.id(table)} (${names}) values (${places})`.compile(queries)
  let count = 0
  for await (const batch of inBatches(rows)) {
    const values = batch.map((row) =>
      columns.map((column, index) => bindValue(column, row[index] ?? null)),
    )
    count += connection.changeAll(insert.sql, values)
  }
  return count
}
