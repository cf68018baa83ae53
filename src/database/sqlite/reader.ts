import { DatabaseError } from '../../errors.ts'
import type { DatabaseReader, ReaderOptions, SqliteTarget } from '../contract.ts'
import { inOneTransaction } from '../one-transaction.ts'
import { OpenStreams } from '../open-streams.ts'
import { createBuilder } from '../queries.ts'
import { readCatalog } from './catalog.ts'
import type { SqliteConnection } from './connection.ts'
import { DIALECT } from './dialect.ts'
import { digestBuckets } from './digest.ts'
import { prepareFile } from './file.ts'
import { gatherRows } from './gather.ts'
import { openHandle } from './handle.ts'
import { readRows } from './read.ts'
import type { SqliteReading } from './reading.ts'
import { readSize } from './size.ts'
import { streamLines } from './stream.ts'
import { rollback } from './transaction.ts'
import { findUnfit } from './unfit.ts'

/** Opens the file through a handle that cannot write. See `openReader`. */
export async function openSqliteReader(
  target: SqliteTarget,
  { repairs = false }: Pick<ReaderOptions, 'repairs'> = {},
): Promise<DatabaseReader> {
  prepareFile(target, 'fail')
  const connection = await openHandle(target, 'read-only').catch((error: unknown) => {
    if (repairs && isHalfWritten(error)) return openRepaired(target)
    throw error
  })
  return createReader({
    target,
    connection,
    queries: createBuilder(DIALECT),
    streams: new OpenStreams(),
    inTransaction: false,
  })
}

function isHalfWritten(error: unknown): boolean {
  return error instanceof DatabaseError && error.facts.sqlState === 'SQLITE_READONLY_ROLLBACK'
}

// SQLite rolls back at the first statement of a handle that may write.
async function openRepaired(target: SqliteTarget): Promise<SqliteConnection> {
  const repairer = await openHandle(target, 'read-write')
  repairer.close()
  return openHandle(target, 'read-only')
}

function createReader(reading: SqliteReading): DatabaseReader {
  const { connection, target } = reading
  return {
    dialect: 'sqlite',
    label: target.label,
    catalog: () => readCatalog(reading),
    read: (requests) => readRows(reading, requests),
    snapshot: (body) => readSnapshot(reading, body),
    stream: (request) => reading.streams.add(streamLines(reading, request)),
    gather: (request) => reading.streams.add(gatherRows(reading, request)),
    digest: (request, count) => digestBuckets(reading, request, count),
    size: async (table) => readSize(reading, table),
    link: async () => ({ roundTripMs: 0, bandwidth: Infinity }),
    identity: async () => '',
    sequences: async () => [],
    unfit: (tables) => findUnfit(reading, tables),
    server: async () => null,
    traffic: { bytes: 0, roundTrips: 0 },
    close: async () => connection.close(),
  }
}

function readSnapshot<T>(reading: SqliteReading, body: () => Promise<T>): Promise<T> {
  const { connection } = reading
  return inOneTransaction(reading, async () => {
    connection.control('begin')
    try {
      return await body()
    } finally {
      await reading.streams.close()
      rollback(connection)
    }
  })
}
