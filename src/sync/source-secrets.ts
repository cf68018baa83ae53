import { type RawBuilder, sql } from 'kysely'
import type { Catalog, DatabaseReader, ReadRequest } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { Secret } from '../secret.ts'
import type { Cell } from '../snapshot/model.ts'
import { TABLE_SPECS } from '../snapshot/table-specs.ts'

/** A secret of one row; `key` is the natural key by which rows are compared. */
export interface SecretPlace {
  readonly table: string
  readonly key: string
  readonly column: string
}

/**
 * The secrets themselves, in the order of `places`, in one query on PostgreSQL.
 * @throws TidegateError `plan` when one is no longer there, or it is not clear which row is meant.
 */
export async function readSourceSecrets(
  reader: Pick<DatabaseReader, 'read'> | null,
  catalog: Catalog | null,
  places: readonly SecretPlace[],
): Promise<Secret[]> {
  if (places.length === 0) return []
  if (reader === null || catalog === null) throw unreadable(places)
  const results = await reader.read(places.map((place) => requestFor(catalog, place)))
  const texts = results.map((rows) => (rows.length === 1 ? rows[0]![0]?.text : undefined))
  const lost = places.filter((_, index) => !texts[index])
  if (lost.length > 0) throw unreadable(lost)
  return texts.map((text) => new Secret(text!))
}

function requestFor(catalog: Catalog, place: SecretPlace): ReadRequest {
  const { table, key, column } = place
  const spec = TABLE_SPECS[table]
  if (spec === undefined) throw unreadable([place])
  const parts = JSON.parse(key) as readonly Cell[]
  const conditions = spec.key.map((part, index) => {
    const value = parts[index] ?? null
    if (typeof part === 'string') return holds(`${table}.${part}`, value)
    const live = isLive(catalog, part.table)
    const named = sql`select ${sql.ref(`${part.table}.id`)} from ${sql.table(part.table)} where ${live} and ${holds(`${part.table}.${part.show}`, value)}`
    return sql`${sql.ref(`${table}.${part.column}`)} in (${named})`
  })
  const where = () =>
    sql<boolean>`(${sql.join([isLive(catalog, table), ...conditions], sql` and `)})`
  return { table, columns: [{ name: column }], where }
}

function isLive(catalog: Catalog, table: string): RawBuilder<unknown> {
  return catalog.get(table)?.has('deleted_at') === true
    ? sql`${sql.ref(`${table}.deleted_at`)} is null`
    : sql`1 = 1`
}

/** In a key NULL and '' are the same. */
function holds(column: string, value: Cell): RawBuilder<unknown> {
  return sql`coalesce(cast(${sql.ref(column)} as text), '') = ${value ?? ''}`
}

function unreadable(places: readonly SecretPlace[]): TidegateError {
  const columns = [...new Set(places.map(({ table, column }) => `${table}.${column}`))].join(', ')
  return new TidegateError(
    'plan',
    `the left side does not say ${places.length} of its secrets (${columns}): the row is gone, has none, or is there twice`,
    {
      nextStep:
        'make the plan again, or say where each comes from: --secret TABLE/NAME=env:VARIABLE',
    },
  )
}
