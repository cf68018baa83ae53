import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database, OpenOptions } from '../../src/database/contract.ts'
import { isCommitUnknown } from '../../src/database/failures.ts'
import { openDatabase } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const server = await testPostgres()

describe('a connection that breaks', () => {
  let made: PostgresDatabase
  let proxy: Proxy
  const opened: Database[] = []
  before(async () => {
    made = await createTestDatabase(server)
    proxy = await startProxy(made.target)
    await executeRaw(made.target, 'create table t (name text)')
  })
  after(async () => {
    for (const database of opened) await database.close()
    await proxy.close()
    await made.drop()
  })

  const open = async (options: Partial<OpenOptions> = {}): Promise<Database> => {
    proxy.judge = () => 'forward'
    const database = await openDatabase(proxy.target, { ...OPEN_OPTIONS, ...options })
    opened.push(database)
    return database
  }
  const pidOf = async ({ queries }: Database): Promise<number> => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(queries)
    return rows[0]!.pid
  }
  const terminate = (pid: number) => executeRaw(made.target, `select pg_terminate_backend(${pid})`)
  const select = (database: Database) => sql`select 1`.execute(database.queries)

  test('while idle: every later call says why', async () => {
    const database = await open()
    await terminate(await pidOf(database))
    await sleep(50)
    for (let call = 0; call < 2; call += 1) {
      const error = await databaseFailureOf(select(database))
      assert.deepEqual([error.code, error.facts.sqlState, error.facts.retry], LOST)
    }
    await databaseFailureOf(database.transaction(async () => undefined))
    await databaseFailureOf(database.withLock({ timeoutMs: 0 }, async () => undefined))
  })

  test('while idle too long: the code of the lease', async () => {
    const database = await open()
    await sql`set idle_session_timeout = '50ms'`.execute(database.queries)
    await sleep(150)
    const { facts } = await databaseFailureOf(select(database))
    assert.deepEqual([facts.sqlState, facts.retry], ['57P05', 'connection'])
  })

  test('during a statement', async () => {
    const database = await open()
    const pid = await pidOf(database)
    const failure = databaseFailureOf(sql`select pg_sleep(30)`.execute(database.queries))
    await sleep(50)
    await terminate(pid)
    const error = await failure
    assert.deepEqual([error.code, error.facts.sqlState, error.facts.retry], LOST)
    const later = await databaseFailureOf(select(database))
    assert.deepEqual([later.code, later.facts.sqlState, later.facts.retry], LOST)
  })

  test('in a transaction: nothing is kept, and COMMIT is not in doubt', async () => {
    const database = await open()
    const pid = await pidOf(database)
    const error = await databaseFailureOf(
      database.transaction(async () => {
        await sql`insert into t values ('half')`.execute(database.queries)
        await terminate(pid)
        await sleep(50)
        await sql`insert into t values ('other half')`.execute(database.queries)
      }),
    )
    assert.deepEqual([error.code, error.facts.sqlState, error.facts.retry], LOST)
    assert.equal(isCommitUnknown(error), false)
    assert.deepEqual(await queryRaw(made.target, 'select * from t'), [])
  })

  test('before COMMIT, while the body computes: COMMIT is not in doubt', async () => {
    const database = await open()
    const pid = await pidOf(database)
    const error = await databaseFailureOf(
      database.transaction(async () => {
        await sql`insert into t values ('half')`.execute(database.queries)
        await terminate(pid)
        await sleep(50)
      }),
    )
    assert.deepEqual([error.code, error.facts.sqlState, error.facts.retry], LOST)
    assert.equal(isCommitUnknown(error), false)
    assert.deepEqual(await queryRaw(made.target, 'select * from t'), [])
  })

  test('by close while COMMIT is in flight: the outcome is unknown', async () => {
    const database = await open()
    const error = await databaseFailureOf(
      database.transaction(async () => {
        await sql`insert into t values ('closed')`.execute(database.queries)
        proxy.judge = (chunk) => {
          if (!chunk.includes('commit')) return 'forward'
          void database.close()
          return 'swallow'
        }
      }),
    )
    assert.equal(isCommitUnknown(error), true)
  })

  for (const verdict of ['cut', 'forward-and-cut'] as const) {
    test(`while COMMIT is in flight (${verdict}): the outcome is unknown`, async () => {
      const database = await open()
      const error = await databaseFailureOf(
        database.transaction(async () => {
          await sql`insert into t values (${verdict})`.execute(database.queries)
          proxy.judge = (chunk) => (chunk.includes('commit') ? verdict : 'forward')
        }),
      )
      assert.equal(isCommitUnknown(error), true)
      assert.equal(error.details['commitUnknown'], true)
      assert.deepEqual([error.code, error.facts.retry], ['connection', 'connection'])
      await sleep(150)
      const kept = await queryRaw(made.target, `select * from t where name = '${verdict}'`)
      assert.equal(kept.length, verdict === 'cut' ? 0 : 1)
    })
  }

  test('before anything was sent: an ordinary loss', async () => {
    const database = await open()
    proxy.judge = () => 'cut'
    const error = await databaseFailureOf(database.transaction(async () => undefined))
    assert.deepEqual([error.code, error.facts.retry], ['connection', 'connection'])
    assert.equal(isCommitUnknown(error), false)
  })

  test('a server that does not answer any more is given up, and closed quickly', async () => {
    const database = await open({ statementTimeoutMs: 100 })
    proxy.judge = () => 'swallow'
    const started = performance.now()
    const error = await databaseFailureOf(select(database))
    const waitedMs = performance.now() - started
    assert.deepEqual([error.facts.sqlState, error.facts.retry], ['ETIMEDOUT', 'connection'])
    assert.ok(waitedMs > 5_000 && waitedMs < 7_000, `${waitedMs}`)
    await database.close()
    assert.ok(performance.now() - started < 7_500)
  })

  test('close does not wait for a statement or a dead server', async () => {
    const database = await open()
    proxy.judge = () => 'swallow'
    const failure = databaseFailureOf(select(database))
    await sleep(20)
    const started = performance.now()
    await database.close()
    assert.ok(performance.now() - started < 3_000)
    assert.match((await failure).message, /is closed$/)
  })
})

const LOST = ['connection', '57P01', 'connection']
