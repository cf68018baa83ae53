import type BetterSqlite from 'better-sqlite3'
import type { CompiledQuery, QueryResult } from 'kysely'
import type { DatabaseError } from '../../errors.ts'
import { closedFailure, endedTransactionFailure } from '../failures.ts'
import { describeFailure } from './errors.ts'
import { Statements } from './statements.ts'

/** One value as the driver gives it when integers must keep their digits. */
export type SqliteValue = null | bigint | number | string | Buffer

/** Rows as arrays, or only their first value. */
export type RowForm = 'raw' | 'pluck'

/**
 * The one handle. Nobody else gets it: a statement run beside the guard would join whatever
 * transaction is open.
 */
export class SqliteConnection {
  readonly label: string
  readonly #handle: BetterSqlite.Database
  readonly #statements: Statements
  #guarding = false
  #ended: DatabaseError | null = null

  constructor(handle: BetterSqlite.Database, label: string) {
    this.#handle = handle
    this.#statements = new Statements(handle)
    this.label = label
  }

  get inTransaction(): boolean {
    return this.#handle.inTransaction
  }

  /** A statement of Kysely's. */
  async execute(query: CompiledQuery): Promise<QueryResult<unknown>> {
    const values = query.parameters.map(toBindable)
    return this.#run(query.sql, (statement) => {
      if (statement.reader)
        return {
          rows: statement
            .raw(false)
            .all(...values)
            .map(withNumbers),
        }
      const { changes, lastInsertRowid } = statement.run(...values)
      return {
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      }
    })
  }

  /** Rows as arrays, with every integer as a BigInt. */
  rows(text: string, parameters: readonly unknown[] = []): SqliteValue[][] {
    const values = parameters.map(toBindable)
    return this.#run(text, (statement) =>
      (statement.raw(true) as BetterSqlite.Statement<unknown[], SqliteValue[]>).all(...values),
    )
  }

  /**
   * A statement without rows, once with each of these values, which are as `bindValue` makes them.
   * @returns how many rows it changed.
   */
  changeAll(text: string, all: readonly (readonly unknown[])[]): number {
    return this.#run(text, (statement) => {
      let count = 0
      for (const values of all) count += statement.run(...values).changes
      return count
    })
  }

  /** Rows as they come, in batches. Other statements may run between two of them. */
  *batches<T>(
    text: string,
    parameters: readonly unknown[],
    { form, size }: { readonly form: RowForm; readonly size: number },
  ): Generator<T[]> {
    this.#assertOpen()
    try {
      const statement = this.#statements.prepare(text)[form](true)
      let batch: T[] = []
      for (const row of statement.iterate(...parameters.map(toBindable)) as IterableIterator<T>) {
        if (batch.push(row) < size) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    } catch (error) {
      throw describeFailure(error, this.label)
    }
  }

  /** BEGIN, COMMIT, ROLLBACK and PRAGMA: what the guard keeps out of bodies. */
  control(text: string): void {
    this.#assertOpen()
    try {
      this.#handle.prepare(text).run()
    } catch (error) {
      throw describeFailure(error, this.label)
    }
  }

  /** How long SQLite itself waits for another program's lock. The wait blocks the process. */
  setBusyTimeout(milliseconds: number): void {
    this.#assertOpen()
    this.#handle.pragma(`busy_timeout = ${Math.trunc(milliseconds)}`)
  }

  /** From here on a statement that ends the transaction is refused. */
  guardTransaction(): void {
    this.#guarding = true
  }

  /** Ends the guard. @returns the failure when the transaction did not last. */
  releaseTransaction(): DatabaseError | null {
    this.#watchTransaction()
    const ended = this.#ended
    this.#guarding = false
    this.#ended = null
    return ended
  }

  close(): void {
    this.#statements.clear()
    try {
      this.#handle.close()
    } catch {
      // The process lets go of the file in any case.
    }
  }

  #run<T>(text: string, use: (statement: BetterSqlite.Statement) => T): T {
    this.#assertOpen()
    if (this.#ended !== null) throw this.#ended
    try {
      return use(this.#statements.get(text))
    } catch (error) {
      throw describeFailure(error, this.label)
    } finally {
      this.#watchTransaction()
    }
  }

  // SQLite ends a transaction on its own after some errors, such as ON CONFLICT ROLLBACK and a full
  // disk; what followed would be kept statement by statement.
  #watchTransaction(): void {
    if (this.#guarding && this.#handle.open && !this.#handle.inTransaction) {
      this.#ended ??= endedTransactionFailure(this.label)
    }
  }

  #assertOpen(): void {
    if (!this.#handle.open) throw closedFailure(this.label)
  }
}

function toBindable(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  return value === undefined ? null : value
}

function withNumbers(row: unknown): unknown {
  const values = row as Record<string, unknown>
  for (const name in values) {
    const value = values[name]
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) {
      values[name] = Number(value)
    }
  }
  return row
}
