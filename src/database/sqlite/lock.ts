import type { LockOptions, LockStatus } from '../contract.ts'
import { isBusy } from './errors.ts'
import type { SqliteSession } from './session.ts'

/** SQLite's write lock is the lock, and each transaction takes it. See `Database.withLock`. */
export async function withLock<T>(
  session: SqliteSession,
  options: LockOptions,
  body: () => Promise<T>,
): Promise<T> {
  if (session.lock !== null) return body()
  session.lock = options
  try {
    return await body()
  } finally {
    session.lock = null
  }
}

/** Whether a program is writing just now: asked by taking the write lock and giving it back. */
export async function lockStatus({ connection, target }: SqliteSession): Promise<LockStatus> {
  if (connection.inTransaction) return { kind: 'file', held: true, holder: null }
  connection.setBusyTimeout(0)
  try {
    connection.control('begin immediate')
    connection.control('rollback')
    return { kind: 'file', held: false, holder: null }
  } catch (error) {
    if (isBusy(error)) return { kind: 'file', held: true, holder: null }
    throw error
  } finally {
    connection.setBusyTimeout(target.busyTimeoutMs)
  }
}

/** The kernel frees the lock of a program that has died; of one that lives it cannot be taken. */
export async function releaseLock(): Promise<null> {
  return null
}
