import {
  Kysely,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'
import { TidegateError } from '../errors.ts'
import type { Queries } from './contract.ts'

/** Runs one compiled statement on the one connection. */
export type ExecuteQuery = (query: CompiledQuery) => Promise<QueryResult<unknown>>

/** What of a dialect is kysely's own; the connection is ours. */
export type QueryDialect = Omit<Dialect, 'createDriver'>

/** Kysely over one connection that somebody else opens, guards and closes. */
export function createQueries(dialect: QueryDialect, execute: ExecuteQuery): Queries {
  const connection = new OneConnection(execute)
  return new Kysely({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (queries) => dialect.createIntrospector(queries),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => new OneConnectionDriver(connection),
    },
  })
}

/** Kysely for building expressions: it has no connection, and what is executed on it fails. */
export function createBuilder(dialect: QueryDialect): Queries {
  return createQueries(dialect, async () => {
    throw new TidegateError('internal', 'a condition is built, not executed')
  })
}

class OneConnection implements DatabaseConnection {
  readonly #execute: ExecuteQuery

  constructor(execute: ExecuteQuery) {
    this.#execute = execute
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#execute(query) as Promise<QueryResult<R>>
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TidegateError('internal', 'statements are not streamed; read in portions')
  }
}

class OneConnectionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  beginTransaction(): Promise<void> {
    return refuseTransaction()
  }

  commitTransaction(): Promise<void> {
    return refuseTransaction()
  }

  rollbackTransaction(): Promise<void> {
    return refuseTransaction()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

// Kysely's transaction neither checks the answer to COMMIT nor takes the run's lock.
async function refuseTransaction(): Promise<never> {
  throw new TidegateError('internal', 'use Database.transaction, not the transaction of Kysely')
}
