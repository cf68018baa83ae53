import type { Database, OpenOptions, SqliteTarget } from '../contract.ts'
import { createQueries } from '../queries.ts'
import { bindValue } from './bind.ts'
import { readCatalog } from './catalog.ts'
import { DIALECT } from './dialect.ts'
import { prepareFile } from './file.ts'
import { openHandle } from './handle.ts'
import { images } from './images.ts'
import { insertRows } from './insert-rows.ts'
import { lockStatus, releaseLock, withLock } from './lock.ts'
import { hideValue, readRows } from './read.ts'
import { dropUnusedRestorePoint } from './restore-point.ts'
import { nextIds } from './sequences.ts'
import type { SqliteSession } from './session.ts'
import { runTransaction } from './transaction.ts'

/** Opens the file, which is checked to be a database. The journal mode stays as it is. */
export async function openSqlite(target: SqliteTarget, options: OpenOptions): Promise<Database> {
  prepareFile(target, options.missingFile)
  const connection = await openHandle(target, 'read-write')
  const queries = createQueries(DIALECT, (query) => connection.execute(query))
  const { restorePoints = 0 } = options
  return createDatabase({
    target,
    connection,
    queries,
    lock: null,
    inTransaction: false,
    restorePointsKept: restorePoints,
    isRestorePointDue: restorePoints > 0,
    restorePoint: null,
    mayHaveWritten: false,
  })
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
    nextIds: (table, count) => nextIds(session, table, count),
    insertRows: (table, columns, rows) => insertRows(session, table, columns, rows),
    hide: hideValue,
    get restorePoint() {
      return session.restorePoint
    },
    identity: async () => '',
    sequences: async () => [],
    close: async () => {
      session.connection.close()
      dropUnusedRestorePoint(session)
    },
  }
}
