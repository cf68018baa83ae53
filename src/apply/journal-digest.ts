import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import type { EntryDigest } from './journal-key.ts'

/** In this order; `undone_by` changes when an entry is undone. */
const DIGESTED = [
  'run_id',
  'seq',
  'source',
  'table_name',
  'operation',
  'locator',
  'columns',
  'before_image',
  'after_image',
  'before_secrets',
  'after_secrets',
] as const

/** Columns that are not where the others are. */
type Elsewhere = Readonly<Partial<Record<(typeof DIGESTED)[number], RawBuilder<unknown>>>>

/** SQL of the digest of the entry in scope as `scope`: the key's id, a colon, the fingerprint. */
export function digestOf(
  database: Database,
  { keyId, request }: EntryDigest,
  scope: string,
  elsewhere: Elsewhere = {},
): RawBuilder<string> {
  const parts = DIGESTED.map((name) => part(elsewhere[name] ?? sql.ref(`${scope}.${name}`)))
  const text = sql`(${sql.join(parts, sql` || `)})`
  return sql<string>`cast(${`${keyId}:`} as text) || ${database.hide(text, request)}`
}

/** With its length before it, no text passes for two others; NULL is no text. */
function part(cell: RawBuilder<unknown>): RawBuilder<string> {
  const text = sql`cast(${cell} as text)`
  return sql<string>`
    case when ${cell} is null then '-'
    else cast(octet_length(${text}) as text) || ':' || ${text} end`
}
