import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import type { DatabaseError } from '../../src/errors.ts'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { waitForDatabase, type WaitOptions } from '../../src/database/wait.ts'
import { Secret } from '../../src/secret.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { databaseFailureOf, failureOf } from '../support/failures.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { createSqliteFile } from '../support/sqlite.ts'

const server = await testPostgres()

const LONG: WaitOptions = { ...OPEN_OPTIONS, waitMs: 60_000 }

describe('waiting for a database', () => {
  let made: PostgresDatabase
  let proxy: Proxy
  before(async () => {
    made = await createTestDatabase(server)
    proxy = await startProxy(made.target)
  })
  after(async () => {
    await proxy.close()
    await made.drop()
  })

  test('one that is there is opened in one attempt', async () => {
    const onRetry = () => assert.fail('tried again')
    const database = await waitForDatabase(made.target, { ...LONG, onRetry })
    await database.close()
  })

  test('one that comes is opened when it does', async () => {
    proxy.judge = () => 'cut'
    const attempts: number[] = []
    const reasons: DatabaseError[] = []
    const onRetry = (attempt: number, reason: DatabaseError) => {
      attempts.push(attempt)
      reasons.push(reason)
      if (attempt === 2) proxy.judge = () => 'forward'
    }
    const database = await waitForDatabase(proxy.target, { ...LONG, onRetry })
    assert.deepEqual(attempts, [1, 2])
    assert.ok(reasons.every(({ facts }) => facts.retry === 'connection'))
    await database.close()
  })

  test('one that does not come fails with the last reason', async () => {
    const target = { ...made.target, port: 1 }
    const started = performance.now()
    const error = await databaseFailureOf(waitForDatabase(target, { ...LONG, waitMs: 600 }))
    const waitedMs = performance.now() - started
    assert.equal(error.facts.sqlState, 'ECONNREFUSED')
    assert.match(error.message, /\(\d+ attempts in \d+ ms\)$/)
    assert.ok(waitedMs >= 600 && waitedMs < 3_000, `${waitedMs}`)
  })

  test('not waiting is one attempt', async () => {
    const target = { ...made.target, port: 1 }
    const error = await databaseFailureOf(waitForDatabase(target, { ...LONG, waitMs: 0 }))
    assert.doesNotMatch(error.message, /attempts/)
  })

  const HOPELESS: Readonly<Record<string, Partial<PostgresTarget>>> = {
    'a wrong password': { password: new Secret('made-up-wrong') },
    'no password': { password: null },
    'an unknown database': { database: 'no_such_db' },
    'no TLS': { tls: 'verified' },
  }

  for (const [name, change] of Object.entries(HOPELESS)) {
    test(`${name} fails at once`, async () => {
      const onRetry = () => assert.fail('tried again')
      const target = { ...made.target, ...change }
      await databaseFailureOf(waitForDatabase(target, { ...LONG, onRetry }))
    })
  }

  test('a signal ends it', async () => {
    const target = { ...made.target, port: 1 }
    const controller = new AbortController()
    const options = { ...LONG, signal: controller.signal, onRetry: () => controller.abort() }
    const error = await failureOf(waitForDatabase(target, options))
    assert.equal(error.code, 'interrupted')
  })

  test('a locked SQLite file is waited for, a missing one is not', async () => {
    const file = await createSqliteFile({ fixture: 'oa' })
    const handle = new Sqlite(file.path)
    handle.pragma('locking_mode = exclusive')
    handle.exec('begin exclusive')
    const onRetry = () => void (handle.open && handle.close())
    const database = await waitForDatabase(file.target, { ...LONG, onRetry })
    assert.equal(handle.open, false)
    await database.close()
    await file.drop()
    await databaseFailureOf(waitForDatabase(file.target, LONG))
  })
})
