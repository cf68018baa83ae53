import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresTarget, StreamRequest } from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'
import { startCutter } from '../support/cut-proxy.ts'

const server = await testPostgres()

/** About 2 MB. */
const REQUEST: StreamRequest = {
  table: 'wide',
  columns: [
    { name: 'id', family: 'integer' },
    { name: 'filler', family: 'text' },
  ],
  keyLength: 1,
}

const ROWS = 20_000

const LINES = Array.from({ length: ROWS }, (_, index) => `${index + 1}\t${'😀x'.repeat(20)}`)

let made: PostgresDatabase
before(async () => {
  made = await createTestDatabase(server)
  await executeRaw(
    made.target,
    `create table wide as select id, repeat('😀x', 20) as filler from generate_series(1, ${ROWS}) id`,
  )
})
after(() => made.drop())

describe('a stream that breaks', () => {
  test('is an error wherever the connection is cut, never a short result', async () => {
    const cuts = Array.from({ length: 20 }, (_, index) => 10_000 + index * 98_765)
    for (const bytes of cuts) {
      const proxy = await startCutter(made.target)
      const reader = await openTestReader(proxy.target)
      await reader.snapshot(() => reader.size('wide'))
      proxy.cutAfter(bytes)
      const { code, facts } = await databaseFailureOf(readLines(reader, REQUEST))
      assert.equal(code, 'connection', `after ${bytes} bytes`)
      assert.equal(facts.retry, 'connection')
      assert.equal((await databaseFailureOf(reader.catalog())).code, 'connection')
    }
  })

  test('is an error when the connection is cut in its last bytes', async () => {
    for (const short of [1, 5, 6, 14, 25, 40]) {
      const proxy = await startCutter(made.target)
      const reader = await openTestReader(proxy.target)
      const length = await reader.snapshot(async () => {
        const before = reader.traffic.bytes
        await readLines(reader, REQUEST)
        return reader.traffic.bytes - before
      })
      await reader.snapshot(async () => {
        // The snapshot's own statements are answered before.
        await reader.size('wide')
        proxy.cutAfter(length - short)
        assert.equal((await databaseFailureOf(readLines(reader, REQUEST))).code, 'connection')
      })
    }
  })

  test('is an error when a row gets lost on the way', async () => {
    const proxy = await startCutter(made.target)
    const reader = await openTestReader(proxy.target)
    await reader.snapshot(async () => {
      proxy.drop('d')
      const { code, message } = await databaseFailureOf(readLines(reader, REQUEST))
      assert.equal(code, 'connection')
      assert.match(message, /ended early/)
    })
  })

  test('is an error when the server ends the session while nobody reads', async () => {
    const reader = await openTestReader(made.target)
    const lines = reader.stream(REQUEST)[Symbol.asyncIterator]()
    await lines.next()
    await endSessions(made.target)
    await sleep(50)
    const rest = async () => {
      while ((await lines.next()).done !== true);
    }
    assert.equal((await databaseFailureOf(rest())).code, 'connection')
  })

  test('is an error when the server fails at a row, and the reader goes on', async () => {
    await executeRaw(
      made.target,
      `create view failing as select id, 1 / (id - 15000) as filler from wide order by id`,
    )
    const reader = await openTestReader(made.target)
    let seen = 0
    const read = async () => {
      const columns = REQUEST.columns.slice(0, 1)
      for await (const lines of reader.stream({ ...REQUEST, table: 'failing', columns })) {
        seen += lines.length
      }
    }
    await read()
    assert.equal(seen, ROWS)
    const { facts } = await databaseFailureOf(readLines(reader, { ...REQUEST, table: 'failing' }))
    assert.equal(facts.sqlState, '22012')
    assert.equal((await readLines(reader, REQUEST)).length, ROWS)
  })

  test('is an error when the server takes longer than a statement may', async () => {
    await executeRaw(made.target, `create view slow as select 1 as id, pg_sleep(5)::text as filler`)
    const reader = await openReader(made.target, { ...OPEN_OPTIONS, statementTimeoutMs: 100 })
    const { facts } = await databaseFailureOf(readLines(reader, { ...REQUEST, table: 'slow' }))
    assert.equal(facts.sqlState, '57014')
  })
})

describe('a stream that is left', () => {
  test('is read to its end, and the reader goes on', async () => {
    const reader = await openTestReader(made.target)
    await reader.snapshot(async () => {
      for await (const lines of reader.stream(REQUEST)) if (lines.length > 0) break
      assert.deepEqual(await readLines(reader, REQUEST), LINES)
    })
  })

  test('closes the connection when its end is too far', async () => {
    const proxy = await startCutter(made.target)
    const reader = await openTestReader(proxy.target)
    const startedAt = performance.now()
    await reader.snapshot(async () => {
      await reader.size('wide')
      proxy.stallAfter(300_000)
      for await (const lines of reader.stream(REQUEST)) if (lines.length > 0) break
    })
    assert.match((await databaseFailureOf(reader.catalog())).message, /is closed/)
    assert.ok(performance.now() - startedAt < 4_000)
  })
})

test('a stream is as fast as its reader, and holds no more than a few batches', async () => {
  await executeRaw(
    made.target,
    `create view large as select g as id, repeat('x', 1000) as filler from generate_series(1, 100000) g`,
  )
  const reader = await openTestReader(made.target)
  const received: number[] = []
  for await (const lines of reader.stream({ ...REQUEST, table: 'large' })) {
    if (received.length === 0) await sleep(200)
    received.push(lines.length)
    if (received.length === 1) assert.ok(reader.traffic.bytes < 2_000_000)
  }
  assert.equal(
    received.reduce((sum, count) => sum + count, 0),
    100_000,
  )
  assert.ok(reader.traffic.bytes > 100_000_000)
})

async function endSessions(target: PostgresTarget): Promise<void> {
  await executeRaw(
    target,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'tidegate-test' and datname = current_database()`,
  )
}
