import type { Kysely, RawBuilder } from 'kysely'
import type { DatabaseErrorFacts } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { RowImages } from './image-contract.ts'
import type { FingerprintRequest, RawRow, ReadRequest, SequenceState } from './reader-contract.ts'

export * from './image-contract.ts'
export * from './reader-contract.ts'

/**
 * What the rest of tidegate knows of a database. `sqlite/` and `postgres/` implement it, file by
 * file under the same names; nobody else asks which dialect it is, only what it can do.
 */

export const DIALECTS = ['sqlite', 'postgres'] as const

export type DialectName = (typeof DIALECTS)[number]

/** Tables are known only at run time: forks add columns. */
export type AnyTables = any

/**
 * Statements on the one connection that the database holds. What fails is a `DatabaseError`. Its
 * own `transaction()` is refused: `Database.transaction` is the only one. Values come as the driver
 * gives them: PostgreSQL's bigint and numeric are strings; SQLite's integers are numbers, or
 * BigInts where a number would lose digits. SQLite takes `true` and `false` as 1 and 0.
 */
export type Queries = Kysely<AnyTables>

// ---------------------------------------------------------------------------- where to connect

export interface SqliteTarget {
  readonly dialect: 'sqlite'
  /** Absolute path of the file. */
  readonly path: string
  /** As the user wrote it, without a query string; for messages. */
  readonly label: string
  /** Milliseconds, from `?_busy_timeout=`; 5000 when absent. */
  readonly busyTimeoutMs: number
}

export const TLS_MODES = ['verified', 'unverified', 'off'] as const

export type TlsMode = (typeof TLS_MODES)[number]

export interface PostgresTarget {
  readonly dialect: 'postgres'
  /** Host name, address, or the folder of a Unix socket (starts with `/`). */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly password: Secret | null
  readonly tls: TlsMode
  /** Path of a PEM file, or null for the system's authorities. */
  readonly tlsRootCertificate: string | null
  readonly channelBinding: boolean
  /** `user@host:port/database`, for messages. */
  readonly label: string
}

export type Target = SqliteTarget | PostgresTarget

/** SQLite: what to do when the file does not exist. A read never makes one. */
export const MISSING_FILE = ['fail', 'create'] as const

export interface OpenOptions {
  readonly applicationName: string
  readonly missingFile: (typeof MISSING_FILE)[number]
  /** Milliseconds for one attempt to connect. */
  readonly connectTimeoutMs: number
  /** Milliseconds for one statement; 0 is no limit. SQLite knows no such limit. */
  readonly statementTimeoutMs: number
  /** How many restore points of a SQLite file are kept; 0, or absent, makes none. */
  readonly restorePoints?: number
}

/**
 * Where a database was before the first transaction of this connection: a verified copy of a SQLite
 * file, or the time (ISO 8601) and the position in the write-ahead log of a PostgreSQL server, for
 * its own point-in-time recovery.
 */
export type RestorePoint =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'position'; readonly at: string; readonly lsn: string }

// ------------------------------------------------------------------------------------- failures

/** The facts of a DatabaseError, with one that few of them have. */
export interface FailureFacts extends DatabaseErrorFacts {
  /** COMMIT was sent and not answered: only the database knows whether it happened. */
  readonly commitUnknown?: true
}

// ---------------------------------------------------------------------------------- the catalog

/** Families, not types: what a value means, whatever the dialect calls it. */
export const TYPE_FAMILIES = [
  'integer',
  'number',
  'boolean',
  'text',
  'json',
  'time',
  'bytes',
  'other',
] as const

export type TypeFamily = (typeof TYPE_FAMILIES)[number]

export interface CatalogColumn {
  readonly table: string
  readonly name: string
  /** As the database spells it: `character varying(64)`, `varchar(64)`. */
  readonly type: string
  readonly family: TypeFamily
  /** Characters; null when unlimited. Declared but not enforced by SQLite. */
  readonly maxLength: number | null
  readonly nullable: boolean
  /** Place in the primary key, from 1; null when it is no part of it. */
  readonly keyPosition: number | null
  /** Whether an index over this column alone keeps its values apart, in every row. */
  readonly unique: boolean
}

/** Table name to column name to column, of the current schema; empty for a new database. */
export type Catalog = ReadonlyMap<string, ReadonlyMap<string, CatalogColumn>>

// ------------------------------------------------------------------------------------- the lock

export interface LockOptions {
  /** Milliseconds to wait for it. */
  readonly timeoutMs: number
  /** Called once when the lock is found taken, with what is known of the holder; null on SQLite. */
  readonly onWait?: (holder: LockHolder | null) => void
}

/** What the server lets us see of the session that holds the lock. */
export interface LockHolder {
  readonly processId: number
  /** `unknown` when not visible. */
  readonly applicationName: string
  /** Host or address of the client; null for a socket or when not visible. */
  readonly client: string | null
  /** Seconds since the holder's session began; 0 when not visible. */
  readonly ageSeconds: number
  readonly state: string | null
}

export interface LockStatus {
  /** How the lock is kept: `advisory` on PostgreSQL, `file` is SQLite's own write lock. */
  readonly kind: 'advisory' | 'file'
  readonly held: boolean
  readonly holder: LockHolder | null
}

// --------------------------------------------------------------------------------- the database

export interface Capabilities {
  /** Whether a session keeps its state between transactions (false behind a transaction pooler). */
  readonly sessions: boolean
  /** Whether ids come from a sequence that an explicit id does not advance. */
  readonly sequences: boolean
}

/** One open database: one connection, which holds lock, effects and ledger row. */
export interface Database {
  readonly dialect: DialectName
  /** For messages; without password. */
  readonly label: string
  readonly queries: Queries
  capabilities(): Promise<Capabilities>

  /** One query. An empty database gives an empty map. */
  catalog(): Promise<Catalog>

  /** One query on PostgreSQL however many requests; rows come back per request, in no order. */
  read(requests: readonly ReadRequest[]): Promise<readonly (readonly RawRow[])[]>

  /**
   * BEGIN, body, COMMIT, with the run's lock taken or checked inside. Rolls back when the body
   * throws. Not re-entrant, and the body must not begin or end a transaction itself.
   * @throws DatabaseError with `retry: 'connection'` and `commitUnknown` (`isCommitUnknown`) when
   *   the outcome of COMMIT is unknown: read the ledger on a new connection to learn it.
   * @throws LockBusyError when another run held the lock until the deadline of `withLock`, or, of a
   *   transaction outside it, for 120 s (SQLite: 60 s).
   */
  transaction<T>(body: () => Promise<T>): Promise<T>

  /**
   * Holds the run's lock while `body` runs. Where a session cannot hold one (SQLite, a pooler) the
   * body just runs, and each of its transactions takes the lock; so does a second `withLock` inside
   * the first.
   * @throws LockBusyError when the deadline passes; DatabaseError when the lock was lost meanwhile.
   */
  withLock<T>(options: LockOptions, body: () => Promise<T>): Promise<T>
  lockStatus(): Promise<LockStatus>
  /** Ends the session that holds the lock. Returns it, or null when nobody held it. */
  releaseLock(): Promise<LockHolder | null>

  /** A column's value as the driver must bind it, from its canonical text (null is NULL). */
  bind(column: CatalogColumn, canonical: string | null): unknown

  /**
   * Inside a transaction: keeps other writers off the rows until it ends, taken in the order of `by`
   * (`SELECT … FOR UPDATE`; nothing to do on SQLite, where a transaction has one writer).
   */
  lockRows(table: string, where: () => RawBuilder<boolean>, by?: readonly string[]): Promise<void>

  /**
   * Inside a transaction: new ids for rows of `table`, ascending. On PostgreSQL the table's sequence
   * is first moved past every id in the table (rows inserted by hand do not advance it), never
   * backwards, then asked; on SQLite they follow the largest id, as SQLite itself would choose.
   */
  nextIds(table: string, count: number): Promise<string[]>

  /**
   * Inside a transaction: inserts rows, as fast as the database can; each is the canonical texts of
   * `columns`, in their order (null is NULL), bound as `bind` does. @returns how many there were.
   */
  insertRows(
    table: string,
    columns: readonly CatalogColumn[],
    rows: Iterable<readonly (string | null)[]> | AsyncIterable<readonly (string | null)[]>,
  ): Promise<number>

  /** SQL of what is shown in the place of a value, as `ReadColumn.hide` does. */
  hide(value: RawBuilder<unknown>, hide: FingerprintRequest | 'state'): RawBuilder<string | null>

  /**
   * Null until the first transaction has begun, and where none is made (a new file); once it is
   * closed also where nothing was written: the file of that restore point is removed then.
   */
  readonly restorePoint: RestorePoint | null

  /** See `DatabaseReader.identity`. */
  identity(): Promise<string>

  /** See `DatabaseReader.sequences`. */
  sequences(): Promise<readonly SequenceState[]>

  readonly images: RowImages

  /** Never throws, and may be called again. Any use afterwards is a DatabaseError. */
  close(): Promise<void>
}
