import { closeSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type BetterSqlite from 'better-sqlite3'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { DatabaseError } from '../../errors.ts'
import type { Database, OpenOptions, SqliteTarget } from '../contract.ts'
import { createQueries } from '../queries.ts'
import { bindValue } from './bind.ts'
import { readCatalog } from './catalog.ts'
import { SqliteConnection } from './connection.ts'
import { describeFailure } from './errors.ts'
import { fingerprint } from './fingerprint.ts'
import { images } from './images.ts'
import { lockStatus, releaseLock, withLock } from './lock.ts'
import { readRows } from './read.ts'
import { nextId } from './sequences.ts'
import type { SqliteSession } from './session.ts'
import { runTransaction } from './transaction.ts'

/** Opens the file, which is checked to be a database. The journal mode stays as it is. */
export async function openSqlite(target: SqliteTarget, options: OpenOptions): Promise<Database> {
  prepareFile(target, options)
  const { default: Sqlite } = await import('better-sqlite3')
  const connection = new SqliteConnection(openHandle(Sqlite, target), target.label)
  const queries = createQueries(DIALECT, (query) => connection.execute(query))
  return createDatabase({ target, connection, queries, lock: null, inTransaction: false })
}

const DIALECT = {
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (queries: ConstructorParameters<typeof SqliteIntrospector>[0]) =>
    new SqliteIntrospector(queries),
  createQueryCompiler: () => new SqliteQueryCompiler(),
}

function createDatabase(session: SqliteSession): Database {
  return {
    dialect: 'sqlite',
    label: session.target.label,
    queries: session.queries,
    images,
    capabilities: async () => ({ sessions: true, sequences: false }),
    catalog: () => readCatalog(session),
    read: (requests) => readRows(session, requests),
    transaction: (body) => runTransaction(session, body),
    withLock: (options, body) => withLock(session, options, body),
    lockStatus: () => lockStatus(session),
    releaseLock,
    bind: bindValue,
    // A transaction is the only writer.
    lockRows: async () => undefined,
    nextId: (table) => nextId(session, table),
    close: async () => session.connection.close(),
  }
}

function openHandle(Sqlite: typeof BetterSqlite, target: SqliteTarget): BetterSqlite.Database {
  let handle: BetterSqlite.Database | undefined
  try {
    handle = new Sqlite(target.path, { fileMustExist: true, timeout: target.busyTimeoutMs })
    handle.pragma('foreign_keys = off')
    handle.pragma('synchronous = full')
    handle.function(
      'tidegate_fingerprint',
      { deterministic: true, directOnly: true, safeIntegers: true },
      fingerprint,
    )
    // The first statement that reads the file.
    handle.pragma('schema_version')
    return handle
  } catch (error) {
    handle?.close()
    throw describeFailure(error, target.label, 'connection')
  }
}

function prepareFile({ path, label }: SqliteTarget, { missingFile }: OpenOptions): void {
  const kind = kindOf(path)
  // SQLite says itself what is wrong with a file that cannot be looked at.
  if (kind === 'file' || kind === 'unknown') return
  if (kind === 'other') throw unusable(`${label} is not a file`, 'check the path')
  if (missingFile === 'fail') {
    throw unusable(
      `there is no file ${label}`,
      'check the path, or let the gateway or `tidegate migrate up` make it',
    )
  }
  if (kindOf(dirname(path)) === 'missing') {
    throw unusable(`the folder of ${label} does not exist`, 'make the folder, or check the path')
  }
  createFile(path, label)
}

function kindOf(path: string): 'file' | 'other' | 'missing' | 'unknown' {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return 'missing'
    return stats.isFile() ? 'file' : 'other'
  } catch {
    return 'unknown'
  }
}

// SQLite would make it readable for everyone, and it is going to hold keys.
function createFile(path: string, label: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {
    throw unusable(`${label} cannot be made`, 'let the user that runs tidegate write the folder')
  }
}

function unusable(message: string, nextStep: string): DatabaseError {
  return new DatabaseError('connection', message, { sqlState: null, retry: 'never' }, nextStep)
}
