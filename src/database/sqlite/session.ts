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
  /** How many restore points of the file are kept. */
  readonly restorePointsKept: number
  /** Whether the next transaction makes one first: only the first of a connection does. */
  isRestorePointDue: boolean
  restorePoint: RestorePoint | null
  /** Whether a transaction has changed the file, or nobody knows: the restore point stays then. */
  mayHaveWritten: boolean
}
