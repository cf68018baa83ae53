import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { timeConnection } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { queryRaw } from '../support/raw.ts'
import { startSlowProxy } from '../support/slow-proxy.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { hasOpenssl, startTlsFront, type TlsFront } from '../support/tls.ts'

const server = await testPostgres()

const skip = hasOpenssl() ? false : 'there is no openssl to make a certificate with'

let made: PostgresDatabase
before(async () => {
  made = await createTestDatabase(server)
})
after(() => made.drop())

const time = (target: PostgresTarget) => timeConnection(target, OPEN_OPTIONS)

describe('parts of a connection', () => {
  test('an address has no name to resolve, TLS that is off no part', async () => {
    const { dns, tcp, tls, authentication, query, total } = await time(made.target)
    assert.deepEqual([dns, tls], [null, null])
    for (const part of [tcp, authentication, query]) assert.ok(part! > 0 && part! < 2_000)
    assert.ok(Math.abs(tcp! + authentication! + query - total) < 0.001)
  })

  test('a name is resolved', async () => {
    const { dns, tcp, authentication, query, total } = await time({
      ...made.target,
      host: 'localhost',
    })
    assert.ok(dns! > 0)
    assert.ok(Math.abs(dns! + tcp! + authentication! + query - total) < 0.001)
  })

  test('a file has none but the query', async () => {
    const file = await createSqliteFile()
    after(() => file.drop())
    const { query, total, ...parts } = await timeConnection(file.target, OPEN_OPTIONS)
    assert.deepEqual(parts, { dns: null, tcp: null, tls: null, authentication: null })
    assert.ok(query > 0 && total > query)
  })

  test('is closed afterwards, and fails as every connection does', async () => {
    await time(made.target)
    const count = `select count(*)::int from pg_stat_activity where datname = current_database()
      and application_name = '${OPEN_OPTIONS.applicationName}'`
    let open: unknown
    for (let round = 0; round < 50 && open !== 0; round += 1) {
      ;[[open]] = (await queryRaw(made.target, count)) as [[unknown]]
    }
    assert.equal(open, 0)
    const { code } = await databaseFailureOf(time({ ...made.target, database: 'no_such_database' }))
    assert.equal(code, 'connection')
    const missing = {
      dialect: 'sqlite',
      path: '/no/file.db',
      label: 'x',
      busyTimeoutMs: 1,
    } as const
    await databaseFailureOf(timeConnection(missing, OPEN_OPTIONS))
  })
})

describe('the part that is slow', () => {
  const ROUND_TRIP_MS = 60
  test('authentication and query, over a link that is far', async () => {
    const proxy = await startSlowProxy(made.target, {
      roundTripMs: ROUND_TRIP_MS,
      bandwidth: Number.POSITIVE_INFINITY,
    })
    after(() => proxy.close())
    const { tcp, authentication, query } = await time(proxy.target)
    // The proxy itself is near: it takes the connection at once.
    assert.ok(tcp! < query, `tcp ${tcp}`)
    assert.ok(query >= ROUND_TRIP_MS * 0.9, `query ${query}`)
    // The password takes two exchanges more than none would.
    assert.ok(authentication! >= ROUND_TRIP_MS * 0.9, `authentication ${authentication}`)
  })

  describe('TLS', { skip }, () => {
    let front: TlsFront
    before(async () => {
      front = await startTlsFront(made.target)
    })
    after(() => front.close())

    test('its handshake is its own part', async () => {
      const behind = { ...made.target, port: front.port, tls: 'unverified' } as const
      const proxy = await startSlowProxy(behind, {
        roundTripMs: ROUND_TRIP_MS,
        bandwidth: Number.POSITIVE_INFINITY,
      })
      after(() => proxy.close())
      const near = await time(behind)
      const far = await time(proxy.target)
      assert.ok(near.tls! > 0 && near.tls! < far.tls!, `near ${near.tls}`)
      // One exchange asks for TLS, one and more make it.
      assert.ok(far.tls! >= 2 * ROUND_TRIP_MS * 0.9, `far ${far.tls}`)
      assert.ok(far.tcp! < far.tls!, `tcp ${far.tcp}`)
      const sum = far.tcp! + far.tls! + far.authentication! + far.query
      assert.ok(Math.abs(sum - far.total) < 0.001)
    })
  })
})
