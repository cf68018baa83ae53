import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import type { Locator } from '../snapshot/model.ts'
import { catalogColumn } from './journal-columns.ts'

/** Rows of one table that one statement can take: SQLite allows so many parameters. */
export const BATCH_ROWS = 500

export interface LocatedRow {
  readonly seq: number
  readonly locator: Locator
  /** What else the statement needs of the row, as columns `text_0`, `text_1`, … */
  readonly texts: readonly (string | null)[]
}

/** Rows by their keys, for a statement that begins with `with ${rows}`. */
export interface Located {
  /** Defines `tidegate_located(seq, text_0, …)`. */
  readonly rows: RawBuilder<unknown>
  /** Whether a row of `tidegate_located` means the row of the table in scope. */
  readonly same: RawBuilder<boolean>
  /** Whether the row of the table in scope is one of them. */
  readonly among: RawBuilder<boolean>
  /** Condition on the table alone, which an index answers; true for some other rows too. */
  readonly near: RawBuilder<boolean>
}

export const LOCATED_SEQ = sql<number>`cast(tidegate_located.seq as bigint)`

/** At most `BATCH_ROWS` rows, all with the same key columns, and at least one. */
export function locate(
  database: Database,
  catalog: Catalog,
  table: string,
  rows: readonly LocatedRow[],
): Located {
  const names = Object.keys(rows[0]!.locator)
  const columns = names.map((name) => catalogColumn(catalog, table, name))
  const keys = names.map((_, index) => sql.id(`key_${index}`))
  const cells = names.map((name) => sql.ref(`${table}.${name}`))
  const bind = (locator: Locator) =>
    columns.map((column) => database.bind(column, locator[column.name] ?? null))
  const same = cells.map((cell, index) => sql`${cell} = tidegate_located.${keys[index]!}`)
  const near = columns.map((column, index) => {
    const values = new Set(rows.map(({ locator }) => locator[column.name] ?? null))
    const bound = [...values].map((value) => database.bind(column, value))
    return sql`${cells[index]!} in (${sql.join(bound)})`
  })
  return {
    rows: valuesOf(table, cells, keys, rows, bind),
    same: sql<boolean>`(${sql.join(same, sql` and `)})`,
    among: sql<boolean>`(${sql.join(cells)}) in (select ${sql.join(keys)} from tidegate_located)`,
    near: sql<boolean>`(${sql.join(near, sql` and `)})`,
  }
}

/** The first row, without values, tells PostgreSQL of which types the keys are. */
function valuesOf(
  table: string,
  cells: readonly RawBuilder<unknown>[],
  keys: readonly RawBuilder<unknown>[],
  rows: readonly LocatedRow[],
  bind: (locator: Locator) => unknown[],
): RawBuilder<unknown> {
  const texts = rows[0]!.texts.map((_, index) => sql.id(`text_${index}`))
  const heads = sql.join([sql.id('seq'), ...keys, ...texts])
  const types = [
    NO_TEXT,
    ...cells.map((cell) => sql`(select ${cell} from ${sql.table(table)} where 1 = 0)`),
    ...texts.map(() => NO_TEXT),
  ]
  const values = rows.map(({ seq, locator, texts }) => {
    return sql`(${sql.join([String(seq), ...bind(locator), ...texts])})`
  })
  const first = sql`(${sql.join(types)})`
  return sql`tidegate_located(${heads}) as (values ${sql.join([first, ...values])})`
}

const NO_TEXT = sql`cast(null as text)`

/**
 * The located rows and those of the table, each with its own. In this order a planner that knows
 * nothing of the table looks each row up by its key, in place of reading the table for all of them.
 */
export function joined(table: string, { same }: Located): RawBuilder<unknown> {
  return sql`tidegate_located cross join ${sql.table(table)} where ${same}`
}

/** In portions of `BATCH_ROWS`. */
export function* portions<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield rows.slice(start, start + BATCH_ROWS)
  }
}
