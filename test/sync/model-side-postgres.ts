import type pg from 'pg'
import type { Database, DatabaseReader, PostgresTarget } from '../../src/database/contract.ts'
import { openDatabase, openReader } from '../../src/database/open.ts'
import { isWithin } from '../../src/database/within.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { connectPostgres } from '../support/raw.ts'
import { WATCHED } from './model-faults.ts'
import { EMPTY, RealSide, scriptOf } from './model-side.ts'
import type { SideName, Statement } from './model-state.ts'

export class PostgresSide extends RealSide {
  readonly target: PostgresTarget
  #clients: Promise<[pg.Client, pg.Client]> | null = null
  #database: Database | null = null
  #reader: DatabaseReader | null = null

  constructor(name: SideName, target: PostgresTarget) {
    super(name)
    this.target = target
  }

  async reset(): Promise<void> {
    await (await this.#raw())[0].query(`begin;${EMPTY};commit`)
  }

  async execute(statements: readonly Statement[]): Promise<void> {
    if (statements.length > 0) await (await this.#raw())[0].query(scriptOf(statements))
  }

  async select(tables: readonly string[]) {
    const texts = tables.map(
      (table) => `select '${table}' as name, row_to_json(${table}) as cells from ${table}`,
    )
    const [, watcher] = await this.#raw()
    const { rows } = await watcher.query<Named>(texts.join(' union all '))
    const grouped = Map.groupBy(rows, ({ name }) => name)
    return new Map(
      tables.map((table) => [table, (grouped.get(table) ?? []).map(({ cells }) => cells)]),
    )
  }

  /** One for all commands, until it is lost. */
  async open(): Promise<Database> {
    return (this.#database ??= await openDatabase(this.target, {
      ...OPEN_OPTIONS,
      applicationName: WATCHED,
    }))
  }

  async done(database: Database): Promise<void> {
    const isLost = await database.identity().then(
      () => false,
      () => true,
    )
    if (!isLost) return
    this.#database = null
    await database.close()
  }

  async reader(): Promise<DatabaseReader> {
    return (this.#reader ??= await openReader(this.target, OPEN_OPTIONS))
  }

  async readDone(): Promise<void> {}

  async attempt(statements: readonly Statement[]) {
    const [client, watcher] = await this.#raw()
    const written = client.query(scriptOf(statements))
    const { processID } = client as pg.Client & { readonly processID: number }
    const rest = async (): Promise<void> => void (await written)
    for (;;) {
      const { rows } = await watcher.query<{ waits: boolean }>(
        `select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = ${processID}`,
      )
      if (rows[0]!.waits) return rest
      if (await isWithin(1, written)) return null
    }
  }

  async close(): Promise<void> {
    await this.#database?.close()
    await this.#reader?.close()
    for (const client of (await this.#clients) ?? []) await client.end()
  }

  #raw(): Promise<[pg.Client, pg.Client]> {
    return (this.#clients ??= Promise.all([
      connectPostgres(this.target),
      connectPostgres(this.target),
    ]))
  }
}

interface Named {
  readonly name: string
  readonly cells: Record<string, unknown>
}
