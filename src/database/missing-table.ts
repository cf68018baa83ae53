import { DatabaseError } from '../errors.ts'

const MISSING_TABLE = new Set(['42P01', 'SQLITE_NO_SUCH_TABLE'])

/** Whether a statement failed because a table does not exist, on either dialect. */
export function isMissingTable(error: unknown): boolean {
  return error instanceof DatabaseError && MISSING_TABLE.has(error.facts.sqlState ?? '')
}
