import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import type { Cell, Locator } from '../snapshot/model.ts'
import { atAny } from './conditions.ts'
import { catalogColumn, Journal, type JournalInput } from './journal.ts'
import { portions } from './located.ts'

export type Values = ReadonlyMap<string, Cell>

/** Rows with values for the same columns. */
export interface NewRows {
  readonly columns: readonly string[]
  readonly rows: readonly NewRow[]
}

export interface NewRow {
  readonly locator: Locator
  /** In the order of the columns. */
  readonly cells: readonly Cell[]
}

/** Writes rows of one table with their journal entries; each statement must touch what it names. */
export class Rows {
  readonly #database: Database
  readonly #catalog: Catalog
  readonly #journal: Journal

  constructor(input: JournalInput) {
    this.#database = input.database
    this.#catalog = input.catalog
    this.#journal = new Journal(input)
  }

  async insert(table: string, { columns, rows }: NewRows): Promise<void> {
    const definitions = columns.map((name) => catalogColumn(this.#catalog, table, name))
    const cells = rows.map((row) => row.cells)
    const locators = rows.map(({ locator }) => locator)
    await this.#journal.aroundAll({ table, operation: 'insert', columns, locators }, async () => {
      assertCount(await this.#database.insertRows(table, definitions, cells), rows.length)
    })
  }

  /** Gives all these rows the same values. */
  async update(table: string, locators: readonly Locator[], values: Values): Promise<void> {
    const columns = [...values.keys()]
    const assignments = columns.map((name) => {
      const column = catalogColumn(this.#catalog, table, name)
      return sql`${sql.id(name)} = ${this.#database.bind(column, values.get(name) ?? null)}`
    })
    const set = sql.join(assignments)
    await this.#journal.aroundAll({ table, operation: 'update', columns, locators }, () =>
      this.#touch(table, locators, (where) => sql`update ${sql.table(table)} set ${set} ${where}`),
    )
  }

  async delete(table: string, locators: readonly Locator[]): Promise<void> {
    const columns = [...(this.#catalog.get(table)?.keys() ?? [])]
    await this.#journal.aroundAll({ table, operation: 'delete', columns, locators }, () =>
      this.#touch(table, locators, (where) => sql`delete from ${sql.table(table)} ${where}`),
    )
  }

  async #touch(
    table: string,
    locators: readonly Locator[],
    statement: (where: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): Promise<void> {
    const target = { database: this.#database, catalog: this.#catalog }
    for (const some of portions(locators)) {
      const where = sql`where ${atAny(target, table, some)}`
      const { numAffectedRows } = await statement(where).execute(this.#database.queries)
      assertCount(Number(numAffectedRows ?? 0), some.length)
    }
  }
}

function assertCount(touched: number, expected: number): void {
  if (touched === expected) return
  throw new TidegateError('internal', `a statement touched ${touched} rows instead of ${expected}`)
}
