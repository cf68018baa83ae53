import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { DatabaseReader, StreamRequest } from '../../src/database/contract.ts'
import { databaseFailureOf, everythingOf } from '../support/failures.ts'
import { padKey } from '../support/fingerprints.ts'
import { startPooler } from '../support/pooler.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'
import { startDelay } from '../support/cut-proxy.ts'

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

let made: PostgresDatabase
before(async () => {
  made = await createTestDatabase(server)
  await executeRaw(
    made.target,
    `create table wide as select id, repeat('😀x', 20) as filler from generate_series(1, ${ROWS}) id`,
  )
})
after(() => made.drop())

describe('a session that is read-only', () => {
  let reader: DatabaseReader
  before(async () => {
    await executeRaw(
      made.target,
      `create table written (n int);
       create function write_it() returns boolean language plpgsql as
         'begin insert into written values (1); return true; end';
       create function escape_it(name text) returns boolean language plpgsql as
         'begin perform set_config(name, ''off'', false); return write_it(); end'`,
    )
    reader = await openTestReader(made.target)
  })

  const columns = [{ name: 'id' }]
  const ESCAPES = [
    sql<boolean>`write_it()`,
    sql<boolean>`escape_it('transaction_read_only')`,
    sql<boolean>`escape_it('default_transaction_read_only')`,
    sql<boolean>`nextval('s') is not null`,
  ]

  test('refuses what writes, in a snapshot and outside', async () => {
    await executeRaw(made.target, 'create sequence s')
    for (const escape of ESCAPES) {
      const attempt = () => reader.read([{ table: 'wide', columns, where: () => escape }])
      await databaseFailureOf(attempt)
      await databaseFailureOf(attempt)
      await databaseFailureOf(reader.snapshot(attempt))
    }
    assert.deepEqual(await queryRaw(made.target, 'select count(*)::int from written'), [[0]])
  })

  test('is so behind a pooler too, with settings of our own', async () => {
    await executeRaw(
      made.target,
      `create table times (id int, at timestamptz);
       insert into times values (1, '2026-01-02 03:04:05+02');
       alter database ${made.target.database} set timezone = 'Asia/Tokyo'`,
    )
    const pooler = await startPooler(made.target, 2)
    after(() => pooler.close())
    const pooled = await openTestReader(pooler.target)
    for (let round = 0; round < 3; round += 1) {
      const where = () => ESCAPES[0]!
      const { facts } = await databaseFailureOf(pooled.read([{ table: 'wide', columns, where }]))
      assert.equal(facts.sqlState, '25006')
      const request: StreamRequest = {
        table: 'times',
        columns: [
          { name: 'id', family: 'integer' },
          { name: 'at', family: 'time' },
        ],
        keyLength: 1,
      }
      assert.deepEqual(await readLines(pooled, request), ['1\t2026-01-02 01:04:05+00'])
    }
    assert.deepEqual(await queryRaw(made.target, 'select count(*)::int from written'), [[0]])
  })

  test('names the table that may not be read', async () => {
    const user = `reader_${made.target.database.slice(-12)}`
    await executeRaw(made.target, `create role ${user} login password 'made-up-password'`)
    const limited = await openTestReader({ ...made.target, user })
    for (const attempt of [
      () => readLines(limited, REQUEST),
      () => limited.digest(REQUEST, 4),
      () => limited.read([{ table: 'wide', columns }]),
    ]) {
      const { message, facts, nextStep } = await databaseFailureOf(attempt)
      assert.equal(facts.sqlState, '42501')
      assert.equal(facts.table, 'wide')
      assert.match(message, /wide/)
      assert.match(nextStep!, /SELECT/)
    }
    await executeRaw(made.target, `drop role ${user}`)
  })

  test('keeps the key of fingerprints out of every statement', async () => {
    const hide = { domain: 'd', key: padKey(Buffer.from('made-up key of the fingerprints')) }
    const inner = Buffer.from(hide.key.inner).toString('hex')
    const request: StreamRequest = {
      table: 'wide',
      columns: [
        { name: 'id', family: 'integer' },
        { name: 'filler', family: 'text', hide },
      ],
      keyLength: 1,
    }
    const lines = reader.stream(request)[Symbol.asyncIterator]()
    await lines.next()
    const [[query]] = (await queryRaw(
      made.target,
      `select query from pg_stat_activity
       where query like 'copy (select%' and datname = current_database()`,
    )) as [[string]]
    assert.match(query, /current_setting/)
    assert.equal(query.includes(inner) || query.includes('\\x'), false)
    await lines.return?.()
    const error = await databaseFailureOf(readLines(reader, { ...request, whereNull: 'nonsense' }))
    assert.equal(everythingOf(error).includes(inner), false)
  })
})

describe('what the way to the server costs', () => {
  test('is counted', async () => {
    const reader = await openTestReader(made.target)
    const { bytes, roundTrips } = reader.traffic
    await reader.snapshot(() => readLines(reader, REQUEST))
    assert.ok(reader.traffic.bytes - bytes > 2_000_000)
    assert.equal(reader.traffic.roundTrips - roundTrips, 3)
  })

  test('is measured where it is long', async () => {
    const reader = await openTestReader(await startDelay(made.target, 10))
    const { roundTripMs, bandwidth } = await reader.link()
    assert.ok(roundTripMs >= 9, `${roundTripMs} ms`)
    assert.ok(bandwidth > 1_000_000 && Number.isFinite(bandwidth), `${bandwidth} bytes/s`)
  })
})
