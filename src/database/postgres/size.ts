import type { TableSize } from '../contract.ts'
import type { PostgresReading } from './reading.ts'

// A table that was never analysed has -1 rows.
const SIZE = `
  select greatest(reltuples, 0)::float8, pg_table_size(oid)::float8
  from pg_class where oid = quote_ident($1)::regclass`

/** @throws DatabaseError when there is no such table */
export async function readSize({ connection }: PostgresReading, table: string): Promise<TableSize> {
  const [row] = await connection.rows(SIZE, [table])
  const [rows, bytes] = row as [number, number]
  return { rows, bytes }
}
