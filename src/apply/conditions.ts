import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import type { Locator } from '../snapshot/model.ts'
import { catalogColumn } from './journal-columns.ts'

interface Target {
  readonly database: Pick<Database, 'bind'>
  readonly catalog: Catalog
}

/** SQL condition that is true for the rows at these locators, which all name the same columns. */
export function atAny(
  { database, catalog }: Target,
  table: string,
  locators: readonly Locator[],
): RawBuilder<boolean> {
  const names = Object.keys(locators[0]!)
  // Each alone lets an index be used; together they are true for some other rows too.
  const columns = names.map((name) => {
    const column = catalogColumn(catalog, table, name)
    const values = new Set(locators.map((locator) => locator[name] ?? null))
    const bound = [...values].map((value) => database.bind(column, value))
    return sql<boolean>`${sql.ref(`${table}.${name}`)} in (${sql.join(bound)})`
  })
  if (names.length === 1) return columns[0]!
  const tuples = locators.map((locator) => names.map((name) => locator[name]!))
  return sql<boolean>`(${sql.join([...columns, isOneOf(table, names, tuples)], sql` and `)})`
}

/** SQL condition that is true for the rows of which these columns, as text, are one of `tuples`. */
export function isOneOf(
  table: string,
  columns: readonly string[],
  tuples: readonly (readonly string[])[],
): RawBuilder<boolean> {
  const texts = columns.map((name) => sql`cast(${sql.ref(`${table}.${name}`)} as text)`)
  const values = tuples.map((tuple) => sql`(${sql.join([...tuple])})`)
  return sql<boolean>`((${sql.join(texts)}) in (values ${sql.join(values)}))`
}

/** SQL condition that is true for rows that are not softly deleted. */
export function isLive(catalog: Catalog, table: string): RawBuilder<boolean> {
  if (!catalog.get(table)?.has('deleted_at')) return sql<boolean>`(1 = 1)`
  return sql<boolean>`(${sql.ref(`${table}.deleted_at`)} is null)`
}
