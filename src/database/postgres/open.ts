import { type RawBuilder, sql } from 'kysely'
import type { Database, OpenOptions, PostgresTarget } from '../contract.ts'
import { createQueries } from '../queries.ts'
import { bindValue } from './bind.ts'
import { readCatalog } from './catalog.ts'
import { openConnection } from './connect.ts'
import { DIALECT } from './dialect.ts'
import { execute } from './execute.ts'
import { readIdentity } from './identity.ts'
import { images } from './images.ts'
import { insertRows } from './insert-rows.ts'
import { isPooled, lockStatus, releaseLock, withLock } from './lock.ts'
import { hidePlain, readRows } from './read.ts'
import { readSequences } from './sequence-states.ts'
import { nextIds } from './sequences.ts'
import type { PostgresSession } from './session.ts'
import { sessionSettings } from './startup.ts'
import { runTransaction } from './transaction.ts'

/** Opens a session of its own, without a round trip beyond the login. */
export async function openPostgres(
  target: PostgresTarget,
  options: OpenOptions,
): Promise<Database> {
  const connection = await openConnection(target, options, sessionSettings(options))
  const queries = createQueries(DIALECT, (query) => execute(connection, query))
  return createDatabase({
    target,
    options,
    connection,
    queries,
    sequences: new Map(),
    lock: null,
    inTransaction: false,
    isRestorePointDue: options.restorePoints !== undefined,
    restorePoint: null,
    pooled: null,
  })
}

function createDatabase(session: PostgresSession): Database {
  return {
    dialect: 'postgres',
    label: session.target.label,
    queries: session.queries,
    images,
    capabilities: async () => ({ sessions: !(await isPooled(session)), sequences: true }),
    catalog: () => readCatalog(session),
    read: (requests) => readRows(session, requests),
    transaction: (body) => runTransaction(session, body),
    withLock: (options, body) => withLock(session, options, body),
    lockStatus: () => lockStatus(session),
    releaseLock: () => releaseLock(session),
    bind: bindValue,
    lockRows: (table, where, by = []) => lockRows(session, table, where(), by),
    nextIds: (table, count) => nextIds(session, table, count),
    insertRows: (table, columns, rows) => insertRows(session, table, columns, rows),
    hide: hidePlain,
    get restorePoint() {
      return session.restorePoint
    },
    identity: () => readIdentity(session.connection),
    sequences: () => readSequences(session),
    close: () => session.connection.close(),
  }
}

async function lockRows(
  { queries }: PostgresSession,
  table: string,
  where: RawBuilder<boolean>,
  by: readonly string[],
): Promise<void> {
  const columns = sql.join(by.map((name) => sql.id(table, name)))
  const order = by.length === 0 ? sql`` : sql`order by ${columns}`
  await sql`select 1 from ${sql.id(table)} where ${where} ${order} for update`.execute(queries)
}
