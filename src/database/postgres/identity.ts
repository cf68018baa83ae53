import type { PostgresConnection } from './connection.ts'

// Everybody may call it, unless somebody has taken that right away.
const SYSTEM = `
  select case when has_function_privilege('pg_catalog.pg_control_system()', 'execute')
    then (select system_identifier::text from pg_catalog.pg_control_system()) else '' end,
    current_database(), current_schema()`

/** See `DatabaseReader.identity`. */
export async function readIdentity(connection: PostgresConnection): Promise<string> {
  const [row] = await connection.rows(SYSTEM)
  return JSON.stringify(row)
}
