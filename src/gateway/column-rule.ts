/** How the values of a column compare. `json-map` is JSON whose members are reported one by one. */
export const COMPARE_KINDS = [
  'text',
  'csv-set',
  'json',
  'json-map',
  'number',
  'integer',
  'boolean',
  'url',
  'channel-info',
  'time',
  'bytes',
] as const

export type CompareKind = (typeof COMPARE_KINDS)[number]

/** What a column is for: `locator` are ids, which mean nothing in another database. */
export const COLUMN_ROLES = [
  'locator',
  'identity',
  'config',
  'secret',
  'environment',
  'volatile',
  'derived',
] as const

export type ColumnRole = (typeof COLUMN_ROLES)[number]

/** What is known of one column, whatever the dialect. */
export interface ColumnRule {
  readonly table: string
  readonly name: string
  readonly compare: CompareKind
  readonly role: ColumnRole
  /** Whether the gateway reads NULL and '' alike. */
  readonly emptyIsNull: boolean
  /**
   * Canonical value that the gateway's admin API writes on create when the caller names none; null
   * is NULL, undefined leaves the column to the database.
   */
  readonly onCreate: string | null | undefined
}
