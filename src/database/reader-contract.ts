import type { RawBuilder } from 'kysely'
import type { Catalog, DialectName, OpenOptions, Queries, TypeFamily } from './contract.ts'

/** The half of the contract that reads and cannot write. */

export interface ReaderOptions extends Omit<OpenOptions, 'missingFile' | 'restorePoints'> {
  /**
   * Whether a SQLite file that a program left half written when it died is taken back first, as any
   * program does that opens it to write. Else that is an error.
   */
  readonly repairs?: boolean
}

/** How a value lies in the file. PostgreSQL enforces its types, so there it is always `native`. */
export const STORAGE_CLASSES = ['native', 'integer', 'real', 'text', 'blob'] as const

/**
 * One value as text, with its storage class; null is NULL. Integers and decimals are exact. Bytes
 * that are not UTF-8 are `\x` and hexadecimal digits, as PostgreSQL writes every bytea; so is a
 * blob whose text begins with `\x`. PostgreSQL leaves out the blanks that pad char(n), and writes
 * booleans as `true` and `false` and times in UTC.
 */
export interface RawCell {
  readonly storage: (typeof STORAGE_CLASSES)[number]
  readonly text: string
}

export type RawRow = readonly (RawCell | null)[]

export interface ReadColumn {
  readonly name: string
  /**
   * When set, the value never leaves the database: the cell is its fingerprint or, for `state`, the
   * word `set`. An empty string and NULL are returned as they are.
   */
  readonly hide?: FingerprintRequest | 'state'
}

/**
 * The HMAC-SHA-256, in lower-case hexadecimal, of the UTF-8 bytes of domain, line feed and the
 * value's text.
 */
export interface FingerprintRequest {
  readonly domain: string
  readonly key: FingerprintKey
}

/** An HMAC's key, padded with zeros to 64 bytes, each xor 0x36 (inner) and xor 0x5c (outer). */
export interface FingerprintKey {
  readonly inner: Uint8Array
  readonly outer: Uint8Array
}

export interface ReadRequest {
  readonly table: string
  readonly columns: readonly ReadColumn[]
  /** Rows to read; all of them when absent. Columns are in scope under the table's own name. */
  readonly where?: (queries: Queries) => RawBuilder<boolean>
}

// ------------------------------------------------------------------------------ reading in order

export interface StreamColumn extends ReadColumn {
  /** What the column holds; how a value is written follows from it. */
  readonly family: TypeFamily
  /** Where NULL cannot be, an index may give the order; it may be everywhere when absent. */
  readonly nullable?: boolean
  /**
   * Shows instead the column `show` of the row of `table` whose `id` is this value, else NULL; as
   * text, whatever `family` says.
   */
  readonly reference?: { readonly table: string; readonly show: string }
}

/** Rows of one table in the order of their key. */
export interface StreamRequest {
  readonly table: string
  /** The first `keyLength` of them are the key. */
  readonly columns: readonly StreamColumn[]
  readonly keyLength: number
  /** Only rows in which this column is NULL: those that are not softly deleted. */
  readonly whereNull?: string
  /** Only rows whose bucket (see `digest`) is one of these, of so many. */
  readonly buckets?: { readonly count: number; readonly wanted: ReadonlySet<number> }
}

/**
 * Lines in batches. A line is the fields of one row as PostgreSQL's COPY writes them: separated by
 * tabs, NULL as `\N`, backslash, tab, line feed and carriage return escaped. A value that does not
 * lie in the file as its family should is preceded by a backslash and `I`, `R`, `T` or `B` (integer,
 * real, text, blob). Equal lines mean equal rows; unequal ones may still mean the same.
 * Rows come in ascending order of their key, field by field: NULL first, integers by value, text
 * by its UTF-8 bytes. When the iteration ends without an error, every row has been seen.
 */
export type LineStream = AsyncIterable<readonly string[]>

/** Rows of one table by the value of a column: a database joins rows faster than it sends them. */
export interface GatherRequest extends Pick<StreamRequest, 'table' | 'buckets'> {
  /** Of integers. */
  readonly key: StreamColumn
  /** Texts, of which each row has its own. */
  readonly listed: readonly StreamColumn[]
  /** In which the rows of one key seldom differ. */
  readonly common: readonly StreamColumn[]
}

/** All rows that have one value of the key, in no order. */
export interface GatheredRows {
  /** The key's field as in a line. */
  readonly key: string
  readonly rows: number
  /** The fields of these columns as in a line; null where rows differ, or this cannot be told. */
  readonly common: readonly string[] | null
  /**
   * Of each of these columns the texts of all rows, with `LIST_SEPARATOR` between; for NULL, and for
   * what is no text, another separator. So lists with one separator less than there are rows say
   * exactly what the rows hold, and others do not.
   */
  readonly listed: readonly string[]
}

/** U+001E, which no name has. */
export const LIST_SEPARATOR = '\u001E'

/** Rows and the xor of the first 8 bytes of the SHA-256 of their lines, as 16 hexadecimal digits. */
export interface BucketDigest {
  readonly rows: number
  readonly digest: string
}

/** What a database can say about the way to it and about a table, without reading it. */
export interface TableSize {
  /** Estimates; 0 when not known. */
  readonly rows: number
  readonly bytes: number
}

export interface LinkFacts {
  readonly roundTripMs: number
  /** Bytes per second; Infinity for a file. */
  readonly bandwidth: number
}

/** What one connection has received, for `--explain`. */
export interface Traffic {
  readonly bytes: number
  readonly roundTrips: number
}

/** A sequence that gives the ids of a table. One that may not be read is left out. */
export interface SequenceState {
  readonly table: string
  readonly sequence: string
  /** Decimal text; null when it was never used. */
  readonly lastValue: string | null
  /** The largest id in the table, decimal text; null when the table is empty. */
  readonly maxId: string | null
}

/** A text that a database which enforces lengths and encodings would refuse. */
export interface UnfitValue {
  readonly table: string
  /** Values of the primary key, joined by `/`. */
  readonly row: string
  readonly column: string
  readonly problem: 'too-long' | 'nul' | 'not-utf8'
  /** Characters that fit; null when it is not about length. */
  readonly limit: number | null
  /** Characters; bytes when it is not about length. */
  readonly length: number
}

/** How many connections the server allows, and how many there are; the asking one counts. */
export interface ServerFacts {
  readonly maxConnections: number
  /** Of these, kept for superusers and for roles that may use reserved connections. */
  readonly reservedConnections: number
  readonly connections: number
  /** Of these, connections to this database. */
  readonly connectionsHere: number
}

/** Milliseconds. Null is a part that the way does not have: a file, an address, no TLS. */
export interface ConnectionTiming {
  readonly dns: number | null
  readonly tcp: number | null
  /** The request for TLS and the handshake. */
  readonly tls: number | null
  readonly authentication: number | null
  readonly query: number
  /** From the start to the answer of the query. */
  readonly total: number
}

/**
 * One open database that cannot be written to: SQLite through a read-only handle, PostgreSQL in a
 * read-only session. It has no other way in than these.
 */
export interface DatabaseReader {
  readonly dialect: DialectName
  /** For messages; without password. */
  readonly label: string
  catalog(): Promise<Catalog>
  /** As `Database.read`. */
  read(requests: readonly ReadRequest[]): Promise<readonly (readonly RawRow[])[]>
  /**
   * Everything that `body` reads is one moment of the database (REPEATABLE READ READ ONLY, a read
   * transaction of SQLite).
   */
  snapshot<T>(body: () => Promise<T>): Promise<T>
  /**
   * One at a time on PostgreSQL: the next, and every other read, begins when the last has ended or
   * was left. The rest of one that is left is dropped; where it does not come within 2 s the
   * connection is closed. A snapshot leaves its streams when it ends.
   */
  stream(request: StreamRequest): LineStream
  /** In batches, in the order of the key. As `stream` in every other respect. */
  gather(request: GatherRequest): AsyncIterable<readonly GatheredRows[]>
  /**
   * Per bucket of the key's lines, without sending rows: bucket number (first 4 bytes of the key
   * fields' SHA-256, modulo `count`) to digest. Null where the server cannot do it.
   */
  digest(request: StreamRequest, count: number): Promise<ReadonlyMap<number, BucketDigest> | null>
  size(table: string): Promise<TableSize>
  link(): Promise<LinkFacts>
  /**
   * What tells this database from any other as far as its server knows: PostgreSQL's system
   * identifier (where it may be read), database and schema. '' for a file.
   */
  identity(): Promise<string>
  /** Of the `id` columns of the current schema's tables, by table; [] where there are none. */
  sequences(): Promise<readonly SequenceState[]>
  /** Of the text columns of these tables; [] where the database enforces what it declares. */
  unfit(tables: readonly string[]): Promise<readonly UnfitValue[]>
  /** Null for a file, which has no server. */
  server(): Promise<ServerFacts | null>
  readonly traffic: Traffic
  /** Never throws, and may be called again. */
  close(): Promise<void>
}
