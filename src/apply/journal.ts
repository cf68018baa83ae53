import { type RawBuilder, sql } from 'kysely'
import type { Catalog, CatalogColumn, Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import type { Locator } from '../snapshot/model.ts'

/**
 * Before- and after-images of every row that tidegate writes, in the transaction that writes it.
 * The images are made inside the database, so that the keys in them stay there.
 * The format is described in docs/journal.md.
 */

export const JOURNAL_OPERATIONS = ['insert', 'update', 'delete'] as const

export type JournalOperation = (typeof JOURNAL_OPERATIONS)[number]

export interface JournalEntry {
  readonly runId: string
  /** `seed:bltcy-channel`, `migration:0003-repair-padded-lists`. */
  readonly source: string
  readonly table: string
  readonly operation: JournalOperation
  readonly locator: Locator
  /** The columns that the images hold. */
  readonly columns: readonly string[]
}

export class Journal {
  readonly #database: Database
  readonly #catalog: Catalog
  readonly #runId: string
  readonly #source: string

  constructor(input: { database: Database; catalog: Catalog; runId: string; source: string }) {
    this.#database = input.database
    this.#catalog = input.catalog
    this.#runId = input.runId
    this.#source = input.source
  }

  /** Journals `write`, which changes exactly the row at `locator`. */
  async around(
    entry: Pick<JournalEntry, 'table' | 'operation' | 'locator' | 'columns'>,
    write: () => Promise<void>,
  ): Promise<void> {
    const seq = await this.#nextSequence()
    await this.#insert(entry, seq)
    await write()
    if (entry.operation !== 'delete') await this.#complete(entry, seq)
  }

  /** Journals `write`, which does the same to exactly the rows at `locators`. */
  async aroundAll(
    batch: Pick<JournalEntry, 'table' | 'operation' | 'columns'> & {
      readonly locators: readonly Locator[]
    },
    write: () => Promise<void>,
  ): Promise<void> {
    const first = await this.#nextSequence()
    const entries = batch.locators.map((locator) => ({ ...batch, locator }))
    for (const [index, entry] of entries.entries()) await this.#insert(entry, first + index)
    await write()
    if (batch.operation === 'delete') return
    for (const [index, entry] of entries.entries()) await this.#complete(entry, first + index)
  }

  async #nextSequence(): Promise<number> {
    const { rows } = await sql<{ next: number | string | bigint }>`
      select coalesce(max(seq), 0) + 1 as next from tidegate_journal where run_id = ${this.#runId}
    `.execute(this.#database.queries)
    return Number(rows[0]!.next)
  }

  async #insert(
    entry: Pick<JournalEntry, 'table' | 'operation' | 'locator' | 'columns'>,
    seq: number,
  ): Promise<void> {
    const { queries } = this.#database
    const before =
      entry.operation === 'insert' ? sql<string>`cast(null as text)` : this.#image(entry)
    await sql`
      insert into tidegate_journal
        (run_id, seq, source, table_name, operation, locator, columns, before_image)
      values (
        ${this.#runId}, ${seq}, ${this.#source}, ${entry.table}, ${entry.operation},
        ${JSON.stringify(entry.locator)}, ${JSON.stringify(entry.columns)}, ${before}
      )
    `.execute(queries)
  }

  async #complete(
    entry: Pick<JournalEntry, 'table' | 'locator' | 'columns'>,
    seq: number,
  ): Promise<void> {
    await sql`
      update tidegate_journal set after_image = ${this.#image(entry)}
      where run_id = ${this.#runId} and seq = ${seq}
    `.execute(this.#database.queries)
  }

  #image(entry: Pick<JournalEntry, 'table' | 'locator' | 'columns'>): RawBuilder<string> {
    const columns = entry.columns.map((name) => catalogColumn(this.#catalog, entry.table, name))
    return imageAt(this.#database, this.#catalog, entry.table, entry.locator, columns)
  }
}

/** SQL of the image of the one row at `locator`, as a scalar subquery. */
export function imageAt(
  database: Database,
  catalog: Catalog,
  table: string,
  locator: Locator,
  columns: readonly CatalogColumn[],
): RawBuilder<string> {
  const image = database.images.capture(table, columns)
  const where = at(database, catalog, table, locator)
  return sql<string>`(select ${image} from ${sql.table(table)} where ${where})`
}

/** SQL condition that is true for the row at `locator`. */
export function at(
  database: Database,
  catalog: Catalog,
  table: string,
  locator: Locator,
): RawBuilder<boolean> {
  const parts = Object.entries(locator).map(([name, value]) => {
    const bound = database.bind(catalogColumn(catalog, table, name), value)
    return sql`${sql.ref(`${table}.${name}`)} = ${bound}`
  })
  return sql<boolean>`(${sql.join(parts, sql` and `)})`
}

export function catalogColumn(catalog: Catalog, table: string, name: string): CatalogColumn {
  const column = catalog.get(table)?.get(name)
  if (column === undefined) {
    throw new TidegateError('database', `the database has no column ${table}.${name}`, {
      nextStep: 'check that the gateway and tidegate use the same database',
    })
  }
  return column
}
