import type { RestorePoint } from '../contract.ts'
import { DatabaseError } from '../../errors.ts'
import type { PostgresConnection } from './connection.ts'

// A server that refuses one of these would otherwise end the whole transaction.
const POSITION = `
  savepoint tidegate_position;
  select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
    pg_current_wal_insert_lsn()::text as lsn;
  release savepoint tidegate_position`

/**
 * Inside a transaction: where the server is before anything is written; null where it does not say.
 * @throws DatabaseError when the connection was lost
 */
export async function readRestorePoint(
  connection: PostgresConnection,
): Promise<RestorePoint | null> {
  try {
    const [, answer] = await connection.run(POSITION)
    const { at, lsn } = answer!.rows[0] as { at: string; lsn: string }
    return { kind: 'position', at, lsn }
  } catch (error) {
    if (error instanceof DatabaseError && error.facts.retry !== 'never') throw error
    await connection.run(
      'rollback to savepoint tidegate_position; release savepoint tidegate_position',
    )
    return null
  }
}
