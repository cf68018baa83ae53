import type BetterSqlite from 'better-sqlite3'

const KEPT = 32

/** Prepared statements by their text; of those that are kept, the one used longest ago goes first. */
export class Statements {
  readonly #handle: BetterSqlite.Database
  readonly #kept = new Map<string, BetterSqlite.Statement>()

  constructor(handle: BetterSqlite.Database) {
    this.#handle = handle
  }

  /** With integers as BigInts. Nobody else may be reading from it; SQLite sees to a changed schema. */
  get(text: string): BetterSqlite.Statement {
    const statement = this.#kept.get(text) ?? this.prepare(text)
    this.#kept.delete(text)
    this.#kept.set(text, statement)
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!)
    return statement
  }

  /** One of its own, to be read from while other statements run. */
  prepare(text: string): BetterSqlite.Statement {
    return this.#handle.prepare(text).safeIntegers(true)
  }

  clear(): void {
    this.#kept.clear()
  }
}
