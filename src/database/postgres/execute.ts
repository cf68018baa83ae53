import type { CompiledQuery, QueryResult } from 'kysely'
import type { PostgresConnection } from './connection.ts'

const COUNTING_COMMANDS = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** Runs a statement of Kysely's. */
export async function execute(
  connection: PostgresConnection,
  query: CompiledQuery,
): Promise<QueryResult<unknown>> {
  const results = await connection.run(query.sql, query.parameters)
  const { command, rowCount, rows } = results.at(-1)!
  if (!COUNTING_COMMANDS.has(command)) return { rows }
  return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
}
