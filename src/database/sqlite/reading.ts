import type { Queries, SqliteTarget } from '../contract.ts'
import type { OpenStreams } from '../open-streams.ts'
import type { SqliteConnection } from './connection.ts'

/** What the parts of one reader share. */
export interface SqliteReading {
  readonly target: SqliteTarget
  readonly connection: SqliteConnection
  /** Builds expressions; executes nothing. */
  readonly queries: Queries
  readonly streams: OpenStreams
  inTransaction: boolean
}
