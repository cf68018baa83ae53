import type { DatabaseReader, SqliteTarget } from '../contract.ts'
import { inOneTransaction } from '../one-transaction.ts'
import { OpenStreams } from '../open-streams.ts'
import { createBuilder } from '../queries.ts'
import { readCatalog } from './catalog.ts'
import { DIALECT } from './dialect.ts'
import { digestBuckets } from './digest.ts'
import { prepareFile } from './file.ts'
import { openHandle } from './handle.ts'
import { readRows } from './read.ts'
import type { SqliteReading } from './reading.ts'
import { readSize } from './size.ts'
import { streamLines } from './stream.ts'
import { rollback } from './transaction.ts'
import { findUnfit } from './unfit.ts'

/** Opens the file through a handle that cannot write. See `openReader`. */
export async function openSqliteReader(target: SqliteTarget): Promise<DatabaseReader> {
  prepareFile(target, 'fail')
  const connection = await openHandle(target, 'read-only')
  return createReader({
    target,
    connection,
    queries: createBuilder(DIALECT),
    streams: new OpenStreams(),
    inTransaction: false,
  })
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
