import type { LockOptions, Queries, RestorePoint, SqliteTarget } from '../contract.ts'
import type { SqliteConnection } from './connection.ts'

/** What the parts of one open database share. */
export interface SqliteSession {
  readonly target: SqliteTarget
  readonly connection: SqliteConnection
  readonly queries: Queries
  /** Of the `withLock` that is running. */
  lock: LockOptions | null
  inTransaction: boolean
  restorePoint: RestorePoint | null
}
