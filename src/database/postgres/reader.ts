import { TidegateError } from '../../errors.ts'
import type { DatabaseReader, OpenOptions, PostgresTarget } from '../contract.ts'
import { OpenStreams } from '../open-streams.ts'
import { createBuilder } from '../queries.ts'
import { Serial } from '../serial.ts'
import { readCatalog } from './catalog.ts'
import { openConnection } from './connect.ts'
import { DIALECT } from './dialect.ts'
import { digestBuckets } from './digest.ts'
import { gatherRows } from './gather.ts'
import { readIdentity } from './identity.ts'
import { measureLink } from './link.ts'
import { readRows } from './read.ts'
import { whileReading, type PostgresReading } from './reading.ts'
import { readSequences } from './sequence-states.ts'
import { readServer } from './server.ts'
import { readSize } from './size.ts'
import { sessionSettings } from './startup.ts'
import { streamLines } from './stream.ts'

/** Opens a session that is read-only, as is each of its transactions. See `openReader`. */
export async function openPostgresReader(
  target: PostgresTarget,
  options: Omit<OpenOptions, 'missingFile'>,
): Promise<DatabaseReader> {
  const settings = { ...sessionSettings(options), default_transaction_read_only: 'on' }
  const connection = await openConnection(target, options, settings)
  return createReader({
    target,
    options,
    connection,
    queries: createBuilder(DIALECT),
    turns: new Serial(),
    streams: new OpenStreams(),
    inSnapshot: false,
  })
}

function createReader(reading: PostgresReading): DatabaseReader {
  const { connection, target } = reading
  return {
    dialect: 'postgres',
    label: target.label,
    catalog: () => whileReading(reading, () => readCatalog(reading)),
    read: (requests) => whileReading(reading, () => readRows(reading, requests)),
    snapshot: (body) => readSnapshot(reading, body),
    stream: (request) => reading.streams.add(streamLines(reading, request)),
    gather: (request) => reading.streams.add(gatherRows(reading, request)),
    digest: (request, count) => whileReading(reading, () => digestBuckets(reading, request, count)),
    size: (table) => whileReading(reading, () => readSize(reading, table)),
    link: () => whileReading(reading, () => measureLink(reading)),
    identity: () => whileReading(reading, () => readIdentity(connection)),
    sequences: () => whileReading(reading, () => readSequences(reading)),
    unfit: async () => [],
    server: () => whileReading(reading, () => readServer(reading)),
    get traffic() {
      return connection.traffic
    },
    close: () => connection.close(),
  }
}

async function readSnapshot<T>(reading: PostgresReading, body: () => Promise<T>): Promise<T> {
  if (reading.inSnapshot) {
    throw new TidegateError('internal', 'a snapshot was started inside another one')
  }
  return whileReading(reading, async () => {
    reading.inSnapshot = true
    try {
      return await body()
    } finally {
      await reading.streams.close()
      reading.inSnapshot = false
    }
  })
}
