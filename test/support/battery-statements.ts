import Sqlite from 'better-sqlite3'

/** Sees every statement that this process gives to SQLite, without the program's help. */

type Method = (this: Sqlite.Statement, ...values: unknown[]) => unknown

const METHODS = ['run', 'get', 'all', 'iterate'] as const

export interface StatementWatch {
  /** Called before each statement on the file. */
  readonly before: (database: Sqlite.Database) => void
  /** Called once, when the file has been opened. */
  readonly opened?: (database: Sqlite.Database) => void
}

/** Watches while `body` runs. The driver's own objects are put back afterwards. */
export async function watchStatements<T>(
  path: string,
  watch: StatementWatch,
  body: () => Promise<T>,
): Promise<T> {
  const prototype = statementPrototype()
  const originals = METHODS.map((name) => [name, prototype[name]!] as const)
  const seen = new WeakSet<Sqlite.Database>()
  let isInside = false
  const look = (database: Sqlite.Database): void => {
    if (isInside || database.name !== path) return
    isInside = true
    if (!seen.has(database)) watch.opened?.(database)
    seen.add(database)
    watch.before(database)
    isInside = false
  }
  for (const [name, original] of originals) {
    prototype[name] = function watched(...values) {
      look(this.database)
      return original.apply(this, values)
    }
  }
  try {
    return await body()
  } finally {
    for (const [name, original] of originals) prototype[name] = original
  }
}

function statementPrototype(): Record<string, Method> {
  const handle = new Sqlite(':memory:')
  const prototype: unknown = Object.getPrototypeOf(handle.prepare('select 1'))
  handle.close()
  return prototype as Record<string, Method>
}
