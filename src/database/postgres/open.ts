import { readFile } from 'node:fs/promises'
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import { DatabaseError } from '../../errors.ts'
import type { Database, OpenOptions, PostgresTarget } from '../contract.ts'
import { createQueries } from '../queries.ts'
import { bindValue } from './bind.ts'
import { readCatalog } from './catalog.ts'
import { PostgresConnection, type ConnectionInput } from './connection.ts'
import { describeConnectFailure, refusesStartupOptions } from './errors.ts'
import { images } from './images.ts'
import { isPooled, lockStatus, releaseLock, withLock } from './lock.ts'
import { readRows } from './read.ts'
import { nextId } from './sequences.ts'
import type { PostgresSession } from './session.ts'
import { clientConfig, sessionSettings, startupOptions } from './startup.ts'
import { runTransaction } from './transaction.ts'

/** How much longer than the server we wait for the end of a statement. */
const WATCHDOG_MARGIN_MS = 5_000

/** Opens a session of its own, without a round trip beyond the login. */
export async function openPostgres(
  target: PostgresTarget,
  options: OpenOptions,
): Promise<Database> {
  const config = clientConfig(target, options, await readRootCertificate(target))
  const { default: driver } = await import('pg')
  const { statementTimeoutMs } = options
  const watchdogMs = statementTimeoutMs === 0 ? 0 : statementTimeoutMs + WATCHDOG_MARGIN_MS
  const startup = startupOptions(sessionSettings(options))
  const connection = await connect({ driver, config, target, watchdogMs }, startup)
  const queries = createQueries(DIALECT, (query) => connection.execute(query))
  const state = { sequences: new Map(), lock: null, inTransaction: false, pooled: null }
  return createDatabase({ target, options, connection, queries, ...state })
}

const DIALECT = {
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (queries: ConstructorParameters<typeof PostgresIntrospector>[0]) =>
    new PostgresIntrospector(queries),
  createQueryCompiler: () => new PostgresQueryCompiler(),
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
    lockRows: async (table, where) => {
      await sql`select 1 from ${sql.id(table)} where ${where()} for update`.execute(session.queries)
    },
    nextId: (table) => nextId(session, table),
    close: () => session.connection.close(),
  }
}

async function connect(input: ConnectionInput, startup: string): Promise<PostgresConnection> {
  const { config, target } = input
  try {
    return await PostgresConnection.connect({ ...input, config: { ...config, options: startup } })
  } catch (error) {
    if (!refusesStartupOptions(error)) throw describeConnectFailure(error, target)
  }
  try {
    return await PostgresConnection.connect(input)
  } catch (error) {
    throw describeConnectFailure(error, target)
  }
}

async function readRootCertificate(target: PostgresTarget): Promise<string | null> {
  if (target.tls !== 'verified' || target.tlsRootCertificate === null) return null
  try {
    return await readFile(target.tlsRootCertificate, 'utf8')
  } catch {
    throw new DatabaseError(
      'connection',
      `the certificate file ${target.tlsRootCertificate} cannot be read (${target.label})`,
      { sqlState: null, retry: 'never' },
      'check the path after sslrootcert=',
    )
  }
}
