import type { PostgresConnection } from './connection.ts'

const PLACE = `
  select has_function_privilege('pg_catalog.pg_control_system()', 'execute'),
    current_database(), current_schema()`

// A statement that names a function must be allowed to call it, even where it does not.
const SYSTEM = 'select system_identifier::text from pg_catalog.pg_control_system()'

/** See `DatabaseReader.identity`. */
export async function readIdentity(connection: PostgresConnection): Promise<string> {
  const [place] = await connection.rows(PLACE)
  const [mayAsk, ...names] = place!
  // Everybody may, unless somebody has taken that right away.
  const [system] = mayAsk === true ? await connection.rows(SYSTEM) : []
  return JSON.stringify([system?.[0] ?? '', ...names])
}
