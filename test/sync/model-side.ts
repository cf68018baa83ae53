import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import type {
  Database,
  DatabaseReader,
  PostgresTarget,
  SqliteTarget,
  Target,
} from '../../src/database/contract.ts'
import { openDatabase, openReader } from '../../src/database/open.ts'
import { listRestorePoints, restoreFile, type Restored } from '../../src/database/sqlite/restore.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { connectPostgres } from '../support/raw.ts'
import { WATCHED } from './model-faults.ts'
import type { SideName, Statement } from './model-state.ts'

/** One database, as tidegate and everybody else use it. */
export abstract class RealSide {
  readonly name: SideName
  abstract readonly target: Target

  constructor(name: SideName) {
    this.name = name
  }

  /** Empty, and without restore points. */
  abstract reset(hasLog: boolean): Promise<void>
  abstract execute(statements: readonly Statement[]): Promise<void>
  /** Rows of each table. */
  abstract select(tables: readonly string[]): Promise<Map<string, Record<string, unknown>[]>>
  /** Opened for one command; `done` takes it back. */
  abstract open(restorePoints: number): Promise<Database>
  abstract done(database: Database): Promise<void>
  abstract reader(): Promise<DatabaseReader>
  abstract readDone(reader: DatabaseReader): Promise<void>
  /**
   * Another program's write while tidegate writes. @returns what to wait for when it has to wait:
   * until then, it has not happened.
   */
  abstract attempt(statements: readonly Statement[]): Promise<(() => Promise<void>) | null>
  abstract close(): Promise<void>
}

export const KEPT_POINTS = 3

const literal = (value: string | null): string =>
  value === null ? 'null' : `'${value.replaceAll("'", "''")}'`

function textOf(statement: Statement): string {
  if (statement.kind === 'insert') {
    const names = Object.keys(statement.cells).map((name) => `"${name}"`)
    const values = Object.values(statement.cells).map(literal)
    return `insert into ${statement.table} (${names.join(', ')}) values (${values.join(', ')})`
  }
  const [table = '', ...parts] = statement.place.split('/')
  const columns = { channels: ['id'], options: ['key'] }[table] ?? ['group', 'model', 'channel_id']
  const where = columns.map((name, index) => `"${name}" = ${literal(parts[index]!)}`).join(' and ')
  if (statement.kind === 'delete') return `delete from ${table} where ${where}`
  return `update ${table} set "${statement.column}" = ${literal(statement.value)} where ${where}`
}

function scriptOf(statements: readonly Statement[]): string {
  return ['begin', ...statements.map(textOf), 'commit'].join(';')
}

const TABLES = ['channels', 'abilities', 'options', 'base', 'journal', 'runs', 'seeds'].map(
  (table, index) => (index < 3 ? table : `tidegate_${table}`),
)

const EMPTY = TABLES.map((table) => `delete from ${table}`).join(';')

export class SqliteSide extends RealSide {
  readonly target: SqliteTarget
  #handle: Sqlite.Database | null = null

  constructor(name: SideName, target: SqliteTarget) {
    super(name)
    this.target = target
  }

  async reset(hasLog: boolean): Promise<void> {
    for (const { path } of listRestorePoints(this.target)) rmSync(path)
    const handle = this.#raw()
    handle.exec(`begin;${EMPTY};commit`)
    handle.pragma(`journal_mode = ${hasLog ? 'wal' : 'delete'}`)
  }

  async execute(statements: readonly Statement[]): Promise<void> {
    if (statements.length > 0) this.#raw().exec(scriptOf(statements))
  }

  async select(tables: readonly string[]) {
    return new Map(
      tables.map((table) => {
        const rows = this.#raw().prepare(`select * from ${table}`).safeIntegers().all()
        return [table, rows as Record<string, unknown>[]]
      }),
    )
  }

  open(restorePoints: number): Promise<Database> {
    return openDatabase(this.target, { ...OPEN_OPTIONS, restorePoints })
  }

  done(database: Database): Promise<void> {
    return database.close()
  }

  reader(): Promise<DatabaseReader> {
    return openReader(this.target, OPEN_OPTIONS)
  }

  readDone(reader: DatabaseReader): Promise<void> {
    return reader.close()
  }

  async attempt(statements: readonly Statement[]) {
    const script = scriptOf(statements)
    const handle = this.#raw()
    try {
      handle.exec(script)
      return null
    } catch (error) {
      if (handle.inTransaction) handle.exec('rollback')
      if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error
      return async () => void this.#raw().exec(script)
    }
  }

  /** The newest of its restore points; '' without one. */
  newestPoint(): string {
    return listRestorePoints(this.target)[0]?.name ?? ''
  }

  async restore(): Promise<Restored> {
    this.#drop()
    return restoreFile(this.target, listRestorePoints(this.target)[0]!)
  }

  /** The gateway writes, and is killed: what it wrote lies only in the write-ahead log. */
  crash(statements: readonly Statement[]): void {
    const { path } = this.target
    this.#drop()
    const handle = new Sqlite(path)
    handle.pragma('wal_autocheckpoint = 0')
    handle.exec(scriptOf(statements))
    const tails = ['', '-wal'].filter((tail) => existsSync(path + tail))
    for (const tail of tails) copyFileSync(path + tail, `${path}.crashed${tail}`)
    handle.close()
    for (const tail of tails) renameSync(`${path}.crashed${tail}`, path + tail)
  }

  async close(): Promise<void> {
    this.#drop()
  }

  #raw(): Sqlite.Database {
    if (this.#handle !== null) return this.#handle
    const handle = new Sqlite(this.target.path, { timeout: 0 })
    handle.pragma('foreign_keys = off')
    handle.pragma('synchronous = off')
    this.#handle = handle
    return handle
  }

  #drop(): void {
    this.#handle?.close()
    this.#handle = null
  }
}

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
    const { rows } = await (await this.#raw())[0].query<Named>(texts.join(' union all '))
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
    let isDone = false
    const written = client.query(scriptOf(statements)).then(() => {
      isDone = true
    })
    const { processID } = client as pg.Client & { readonly processID: number }
    while (!isDone) {
      const { rows } = await watcher.query<{ waits: boolean }>(
        `select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = ${processID}`,
      )
      if (rows[0]!.waits) return () => written
    }
    return null
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
