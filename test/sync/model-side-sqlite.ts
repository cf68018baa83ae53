import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Database, DatabaseReader, SqliteTarget } from '../../src/database/contract.ts'
import { openDatabase, openReader } from '../../src/database/open.ts'
import { listRestorePoints, restoreFile, type Restored } from '../../src/database/sqlite/restore.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { EMPTY, RealSide, scriptOf } from './model-side.ts'
import type { SideName, Statement } from './model-state.ts'

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
      if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY'))
        throw error
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
