import type BetterSqlite from 'better-sqlite3'
import type { SqliteTarget } from '../contract.ts'
import { SqliteConnection } from './connection.ts'
import { describeFailure } from './errors.ts'
import { fingerprint } from './fingerprint.ts'
import { unfit } from './unfit.ts'

/** Opens the file, which is checked to be a database. */
export async function openHandle(
  target: SqliteTarget,
  access: 'read-write' | 'read-only',
): Promise<SqliteConnection> {
  const { default: Sqlite } = await import('better-sqlite3')
  const { path, label, busyTimeoutMs } = target
  let handle: BetterSqlite.Database | undefined
  try {
    const readonly = access === 'read-only'
    handle = new Sqlite(path, { fileMustExist: true, timeout: busyTimeoutMs, readonly })
    handle.pragma('foreign_keys = off')
    handle.pragma('synchronous = full')
    if (readonly) handle.pragma('query_only = on')
    addFunctions(handle)
    // The first statement that reads the file.
    handle.pragma('schema_version')
    return new SqliteConnection(handle, label)
  } catch (error) {
    handle?.close()
    throw describeFailure(error, label, 'connection')
  }
}

function addFunctions(handle: BetterSqlite.Database): void {
  const options = { deterministic: true, directOnly: true }
  handle.function('tidegate_fingerprint', { ...options, safeIntegers: true }, fingerprint)
  // SQLite's own text of a number depends on its version, and drops digits in some.
  handle.function('tidegate_number', options, String)
  handle.function('tidegate_unfit', options, unfit)
}
