import type {
  LockOptions,
  OpenOptions,
  PostgresTarget,
  Queries,
  RestorePoint,
} from '../contract.ts'
import type { PostgresConnection } from './connection.ts'

/** What the parts of one open database share. */
export interface PostgresSession {
  readonly target: PostgresTarget
  readonly options: OpenOptions
  readonly connection: PostgresConnection
  readonly queries: Queries
  /** Names of the sequences of the tables that were asked for an id. */
  readonly sequences: Map<string, string | null>
  /** Of the `withLock` that is running. */
  lock: LockOptions | null
  inTransaction: boolean
  /** Whether the next transaction asks where the server is: only the first of a connection does. */
  isRestorePointDue: boolean
  restorePoint: RestorePoint | null
  /** Whether a pooler is in between; null until somebody had to know. */
  pooled: boolean | null
}
