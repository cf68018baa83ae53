import { sql } from 'kysely'
import type { CatalogColumn, Database } from '../contract.ts'
import { bindValue } from './bind.ts'
import type { PostgresSession } from './session.ts'

/** See `Database.insertRows`. */
export async function insertRows(
  { queries }: PostgresSession,
  table: string,
  columns: readonly CatalogColumn[],
  rows: Parameters<Database['insertRows']>[2],
): Promise<number> {
  const names = sql.join(columns.map(({ name }) => sql.id(name)))
  let count = 0
  for await (const row of rows) {
    const values = columns.map((column, index) => bindValue(column, row[index] ?? null))
    await sql`insert into ${sql.id(table)} (${names}) values (${sql.join(values)})`.execute(queries)
    count += 1
  }
  return count
}
