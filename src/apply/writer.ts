import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import { abilityCells } from '../diff/abilities.ts'
import type {
  CellChanges,
  Change,
  InsertChange,
  RebuildChange,
  UpdateChange,
} from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import { columnRule } from '../gateway/columns.ts'
import type { Ability } from '../gateway/abilities.ts'
import type { Cell, Locator } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import { at, catalogColumn, Journal } from './journal.ts'
import { assertFits } from './limits.ts'
import { assertSource, assertUnchanged, type PreconditionInput } from './preconditions.ts'
import { recordRun, type Run } from './run.ts'
import type { SecretValues } from './secrets.ts'

export interface ApplyInput extends PreconditionInput {
  readonly secrets: SecretValues
  readonly run: Run
  /** Who asks, for the journal: `seed:bltcy-channel`. */
  readonly source: string
}

/**
 * Writes a plan: the only function that changes rows of the gateway. Must be called inside
 * `database.transaction`; whatever it throws, the transaction takes everything back.
 * @returns ids (or keys, where a table has no id) of the inserted rows by natural key.
 * @throws StaleError when a row is no longer what the plan saw, TidegateError `value` when a value
 *   does not fit its column.
 */
export async function applyChanges(input: ApplyInput): Promise<ReadonlyMap<string, string>> {
  assertFits(input.changes, input.catalog, input.secrets)
  await assertUnchanged(input)
  await recordRun(input.database, input.run)
  const writer = new Writer(input)
  for (const change of input.changes) await writer.write(change)
  return writer.insertedIds
}

class Writer {
  readonly #input: ApplyInput
  readonly #journal: Journal
  readonly insertedIds = new Map<string, string>()

  constructor(input: ApplyInput) {
    this.#input = input
    this.#journal = new Journal({ ...input, runId: input.run.id })
  }

  async write(change: Change): Promise<void> {
    if (change.kind === 'insert') await this.#insert(change)
    else if (change.kind === 'update') await this.#update(change)
    else if (change.kind === 'delete') await this.#deleteRow(change.table, change.locator)
    else await this.#rebuild(change)
  }

  async #insert({ table, key, cells }: InsertChange): Promise<void> {
    const { database, catalog } = this.#input
    const values = this.#withDefaults(table, this.#plain(table, key, cells))
    if (!catalog.get(table)?.has('id')) {
      const locator = keyLocator(table, values)
      this.insertedIds.set(key, locator.key)
      return this.#insertRow(table, locator, values)
    }
    const id = await database.nextId(table)
    this.insertedIds.set(key, id)
    await this.#insertRow(table, { id }, new Map([['id', id], ...values]))
  }

  async #update({ table, key, locator, cells }: UpdateChange): Promise<void> {
    await this.#updateRow(table, locator, this.#plain(table, key, cells))
  }

  async #rebuild(change: RebuildChange): Promise<void> {
    const channelId = change.channelId ?? this.insertedIds.get(change.key)
    if (channelId === undefined) {
      throw new TidegateError(
        'internal',
        'abilities were planned for a channel that does not exist',
      )
    }
    if (change.channelId === null) await this.#removeLeftovers(channelId)
    else await assertSource(this.#input, change, channelId)
    for (const row of change.remove) await this.#deleteRow('abilities', row.locator!)
    for (const { before, after } of change.update) {
      await this.#updateRow('abilities', before.locator!, this.#known(after))
    }
    for (const ability of change.insert) {
      const locator = { group: ability.group, model: ability.model, channel_id: channelId }
      const values = new Map<string, Cell>([...Object.entries(locator), ...this.#known(ability)])
      await this.#insertRow('abilities', locator, values)
    }
  }

  /** A deleted channel may have left abilities under the id that a new one gets. */
  async #removeLeftovers(channelId: string): Promise<void> {
    const { database, catalog, fingerprinter } = this.#input
    const where = () => this.#at('abilities', { channel_id: channelId })
    const reads = [{ table: 'abilities', columns: [], where }]
    const [rows = []] = await readRows(database, catalog, fingerprinter, reads)
    for (const row of rows) await this.#deleteRow('abilities', row.locator!)
  }

  /** The values themselves: a change holds only fingerprints of secrets. */
  #plain(table: string, key: string, cells: CellChanges): ReadonlyMap<string, Cell> {
    const { secrets } = this.#input
    return new Map(
      cells.map(({ column, after, secret }) => [
        column,
        secret && after !== null ? secrets.reveal(table, key, column) : after,
      ]),
    )
  }

  /** Without the columns that this gateway's version lacks. */
  #known(ability: Ability): ReadonlyMap<string, Cell> {
    const columns = this.#input.catalog.get('abilities')
    return new Map([...abilityCells(ability)].filter(([name]) => columns?.has(name)))
  }

  /** What the gateway's admin API writes for columns that the caller did not name. */
  #withDefaults(table: string, named: ReadonlyMap<string, Cell>): ReadonlyMap<string, Cell> {
    const values = new Map(named)
    for (const [name, { family }] of this.#input.catalog.get(table) ?? []) {
      if (values.has(name)) continue
      const created = columnRule(table, name, family).onCreate
      if (created !== undefined) values.set(name, created)
      else if (name === 'created_time') values.set(name, unixSeconds(this.#input.run.startedAt))
    }
    return values
  }

  async #insertRow(
    table: string,
    locator: Locator,
    values: ReadonlyMap<string, Cell>,
  ): Promise<void> {
    const columns = [...values.keys()]
    const bound = columns.map((name) => this.#bind(table, name, values.get(name) ?? null))
    await this.#journal.around({ table, operation: 'insert', locator, columns }, async () => {
      const names = sql.join(columns.map((name) => sql.id(name)))
      await this.#execute(
        sql`insert into ${sql.table(table)} (${names}) values (${sql.join(bound)})`,
      )
    })
  }

  async #updateRow(
    table: string,
    locator: Locator,
    values: ReadonlyMap<string, Cell>,
  ): Promise<void> {
    const columns = [...values.keys()]
    const assignments = columns.map(
      (name) => sql`${sql.id(name)} = ${this.#bind(table, name, values.get(name) ?? null)}`,
    )
    await this.#journal.around({ table, operation: 'update', locator, columns }, async () => {
      const set = sql.join(assignments)
      await this.#execute(
        sql`update ${sql.table(table)} set ${set} where ${this.#at(table, locator)}`,
      )
    })
  }

  async #deleteRow(table: string, locator: Locator): Promise<void> {
    const columns = [...(this.#input.catalog.get(table)?.keys() ?? [])]
    await this.#journal.around({ table, operation: 'delete', locator, columns }, async () => {
      await this.#execute(sql`delete from ${sql.table(table)} where ${this.#at(table, locator)}`)
    })
  }

  #bind(table: string, name: string, value: Cell): unknown {
    return this.#input.database.bind(catalogColumn(this.#input.catalog, table, name), value)
  }

  #at(table: string, locator: Locator): RawBuilder<boolean> {
    return at(this.#input.database, this.#input.catalog, table, locator)
  }

  /** A statement that must touch exactly one row. */
  async #execute(statement: RawBuilder<unknown>): Promise<void> {
    await oneRow(this.#input.database, statement)
  }
}

async function oneRow(database: Database, statement: RawBuilder<unknown>): Promise<void> {
  const { numAffectedRows } = await statement.execute(database.queries)
  if (numAffectedRows === 1n) return
  throw new TidegateError('internal', `a statement touched ${numAffectedRows} rows instead of one`)
}

function keyLocator(table: string, values: ReadonlyMap<string, Cell>): { key: string } {
  const key = values.get('key')
  if (typeof key === 'string') return { key }
  throw new TidegateError('internal', `a row of ${table} is inserted without its key`)
}

function unixSeconds(date: Date): string {
  return String(Math.floor(date.getTime() / 1000))
}
