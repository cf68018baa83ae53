import type { GatewayName } from '../config/define.ts'
import type { Catalog, DialectName, Queries } from '../database/contract.ts'

/** The two lists of a channel that the gateway splits at every comma, without trimming. */
export interface ChannelLists {
  readonly models: string | null
  readonly group: string | null
}

export interface MigrationContext {
  readonly dialect: DialectName
  /** Whose tables an empty database gets. */
  readonly gateway: GatewayName
  /** Facts that `up` leaves in the ledger for `down` and `verify`: `notes.set('made', 'yes')`. */
  readonly notes: Map<string, string>
  /** The tables and columns that exist now. */
  catalog(): Promise<Catalog>
  /**
   * Rewrites the lists of every channel for which `rewrite` returns other ones, rebuilds the
   * abilities of those channels, and journals every row.
   * @returns the number of channels written.
   */
  rewriteChannels(rewrite: (lists: ChannelLists) => ChannelLists): Promise<number>
  /** Puts back what `rewriteChannels` of this migration wrote. @returns the number of rows. */
  undoRows(): Promise<number>
}

/**
 * One step of the schema's history. `up` runs in a transaction with its ledger row; the file must
 * not change once it is applied anywhere.
 */
export interface Migration {
  /** One line, for `migrate status`. */
  readonly description: string
  /** False for statements that cannot run in a transaction; needs `verify` to survive a crash. */
  readonly transaction?: boolean
  up(db: Queries, context: MigrationContext): Promise<void>
  /** Without it the migration cannot be reverted, and `migrate down` says so. */
  down?(db: Queries, context: MigrationContext): Promise<void>
  /** Whether the effect of `up` is in the database, whole. */
  verify?(db: Queries, context: MigrationContext): Promise<boolean>
}

export function defineMigration(migration: Migration): Migration {
  return migration
}
