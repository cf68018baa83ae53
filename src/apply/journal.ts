import { type RawBuilder, sql } from 'kysely'
import type { Catalog, CatalogColumn, Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import type { Locator } from '../snapshot/model.ts'
import { catalogColumn, imageOf, isSecretCell, secretsOf } from './journal-columns.ts'
import { digestOf } from './journal-digest.ts'
import { encryptSecrets } from './journal-secrets.ts'
import { PUBLIC_DIGEST } from './journal-key.ts'
import { joined, type Located, LOCATED_SEQ, locate, type LocatedRow, portions } from './located.ts'
import type { Run } from './run.ts'

export { catalogColumn } from './journal-columns.ts'

/**
 * Before- and after-images of every row that tidegate writes, in the transaction that writes it.
 * The images are made inside the database, so that the keys in them stay there; with a journal key
 * the secrets are left out of them and encrypted. The format is described in docs/journal.md.
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
  /** The columns that the images and the encrypted secrets hold. */
  readonly columns: readonly string[]
}

export interface JournalInput {
  readonly database: Database
  readonly catalog: Catalog
  readonly run: Run
  readonly source: string
}

type Batch = Pick<JournalEntry, 'table' | 'operation' | 'columns'> & {
  readonly locators: readonly Locator[]
}

/** Rows that one statement journals: the same columns of all of them hold secrets. */
interface Portion extends Omit<Batch, 'locators'> {
  readonly plain: readonly CatalogColumn[]
  readonly secret: readonly CatalogColumn[]
  readonly rows: readonly LocatedRow[]
}

/** For one transaction, in which nobody else journals for the run while it is used. */
export class Journal {
  readonly #input: JournalInput
  /** Before the migration that adds them, entries have no secrets and no digest of their own. */
  readonly #isSealed: boolean
  #next: number | null = null

  constructor({ database, catalog, run, source }: JournalInput) {
    this.#input = { database, catalog, run, source }
    this.#isSealed = catalog.get('tidegate_journal')?.has('digest') ?? false
  }

  /** Journals `write`, which changes exactly the row at `locator`. */
  around(
    { locator, ...entry }: Pick<JournalEntry, 'table' | 'operation' | 'locator' | 'columns'>,
    write: () => Promise<void>,
  ): Promise<void> {
    return this.aroundAll({ ...entry, locators: [locator] }, write)
  }

  /** Journals `write`, which does the same to exactly the rows at `locators`. */
  async aroundAll(batch: Batch, write: () => Promise<void>): Promise<void> {
    const portions = await this.#divide(batch)
    const { operation } = batch
    if (operation !== 'insert') for (const portion of portions) await this.#insert(portion)
    await write()
    if (operation === 'insert') for (const portion of portions) await this.#insert(portion)
    if (operation === 'update') for (const portion of portions) await this.#complete(portion)
  }

  async #divide({ locators, ...batch }: Batch): Promise<Portion[]> {
    const { catalog, run } = this.#input
    const columns = batch.columns.map((name) => catalogColumn(catalog, batch.table, name))
    const isHidden = this.#isSealed && run.journalKey !== undefined
    const secretsAt = (locator: Locator) =>
      isHidden ? columns.filter((column) => isSecretCell(column, locator)) : []
    const first = await this.#reserve(locators.length)
    const rows = locators.map((locator, index) => {
      return { seq: first + index, locator, texts: [JSON.stringify(locator), null] }
    })
    const groups = Map.groupBy(rows, ({ locator }) =>
      JSON.stringify(secretsAt(locator).map(({ name }) => name)),
    )
    return [...groups.values()].flatMap((group) => {
      const secret = secretsAt(group[0]!.locator)
      const plain = columns.filter((column) => !secret.includes(column))
      return [...portions(group)].map((rows) => ({ ...batch, plain, secret, rows }))
    })
  }

  /** @returns the first of so many numbers. */
  async #reserve(count: number): Promise<number> {
    if (this.#next === null) {
      const { database, run } = this.#input
      const { rows } = await sql<{ next: number | string | bigint }>`
        select coalesce(max(seq), 0) + 1 as next from tidegate_journal where run_id = ${run.id}
      `.execute(database.queries)
      this.#next = Number(rows[0]!.next)
    }
    const first = this.#next
    this.#next += count
    return first
  }

  async #insert(portion: Portion): Promise<void> {
    const { database } = this.#input
    const { operation, table } = portion
    const rows = operation === 'insert' ? portion.rows : await encryptSecrets(this.#input, portion)
    const located = this.#locate(table, rows)
    const cells: [string, RawBuilder<unknown>][] = Object.entries(this.#cells(portion))
    const heads = cells.map(([name]) => sql.id(name))
    const values = cells.map(([name, value]) => sql`${value} as ${sql.id(name)}`)
    // Of an update the digest comes with the after-image.
    const digest =
      operation === 'update' ? sql`null` : digestOf(database, this.#digest, 'tidegate_entry')
    const seal = this.#isSealed ? { head: [sql.id('digest')], value: [digest] } : NO_SEAL
    await this.#expect(
      portion,
      sql`
      with ${located.rows}, tidegate_entry as materialized (
        select ${sql.join(values)} from ${joined(table, located)}
      )
      insert into tidegate_journal (${sql.join([...heads, ...seal.head])})
      select ${sql.join([...heads, ...seal.value])} from tidegate_entry
    `,
    )
  }

  async #complete(portion: Portion): Promise<void> {
    const { database, run } = this.#input
    const { table, rows } = portion
    const located = this.#locate(table, rows)
    const after = this.#after(portion)
    const written = Object.keys(after)
    const values = Object.entries(after).map(([name, value]) => sql`${value} as ${sql.id(name)}`)
    const elsewhere = Object.fromEntries(
      written.map((name) => [name, sql.ref(`tidegate_written.${name}`)]),
    )
    const assignments = written.map((name) => sql`${sql.id(name)} = ${elsewhere[name]!}`)
    const digest = digestOf(database, this.#digest, 'tidegate_journal', elsewhere)
    const seal = this.#isSealed ? [sql`digest = ${digest}`] : []
    await this.#expect(
      portion,
      sql`
      with ${located.rows}, tidegate_written as materialized (
        select ${sql.join([sql`${LOCATED_SEQ} as seq`, ...values])} from ${joined(table, located)}
      )
      update tidegate_journal set ${sql.join([...assignments, ...seal])} from tidegate_written
      where tidegate_journal.run_id = ${run.id} and tidegate_journal.seq = tidegate_written.seq
    `,
    )
  }

  #cells(portion: Portion): Record<string, RawBuilder<unknown>> {
    const { run, source, database } = this.#input
    const { table, operation, columns, plain } = portion
    const isNew = operation === 'insert'
    const after = isNew ? this.#after(portion) : { after_image: NOTHING }
    return {
      run_id: text(run.id),
      seq: LOCATED_SEQ,
      source: text(source),
      table_name: text(table),
      operation: text(operation),
      locator: sql`tidegate_located.text_0`,
      columns: text(JSON.stringify(columns)),
      before_image: isNew ? NOTHING : imageOf(database, table, plain),
      ...(this.#isSealed ? { before_secrets: SEALED, after_secrets: NOTHING } : {}),
      ...after,
    }
  }

  #after({ table, plain, secret }: Portion): Record<string, RawBuilder<unknown>> {
    const { database, run } = this.#input
    const image = { after_image: imageOf(database, table, plain) }
    if (!this.#isSealed) return image
    return { ...image, after_secrets: secretsOf(database, table, secret, run.journalKey) }
  }

  get #digest() {
    return this.#input.run.journalKey?.digest ?? PUBLIC_DIGEST
  }

  #locate(table: string, rows: readonly LocatedRow[]): Located {
    return locate(this.#input.database, this.#input.catalog, table, rows)
  }

  async #expect({ table, rows }: Portion, statement: RawBuilder<unknown>): Promise<void> {
    const { numAffectedRows } = await statement.execute(this.#input.database.queries)
    if (numAffectedRows === BigInt(rows.length)) return
    const message = `${numAffectedRows} instead of ${rows.length} rows of ${table} were journalled`
    throw new TidegateError('internal', message)
  }
}

const NO_SEAL = { head: [], value: [] }

const NOTHING = sql<null>`cast(null as text)`

const SEALED = sql<string | null>`tidegate_located.text_1`

/** PostgreSQL must be told what a parameter is where nothing else tells it. */
function text(value: string): RawBuilder<string> {
  return sql<string>`cast(${value} as text)`
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
