/**
 * What every source of rows becomes before anything is compared: seed files, a SQLite file, a
 * PostgreSQL server, a snapshot file.
 */

/** Canonical text of one value; null is NULL. Secrets are already fingerprints. */
export type Cell = string | null

/** Primary-key values in one database: `{ id: '8' }`. They mean nothing in another one. */
export type Locator = Readonly<Record<string, string>>

export interface Row {
  readonly table: string
  /** Natural key, one string per row; compared as bytes. */
  readonly key: string
  /** Null for a row that is only declared. */
  readonly locator: Locator | null
  /** Only the columns that this source knows or declares. */
  readonly cells: ReadonlyMap<string, Cell>
}

/** One string out of a key's parts, unambiguous whatever the parts hold. */
export function naturalKey(parts: readonly Cell[]): string {
  return JSON.stringify(parts)
}
