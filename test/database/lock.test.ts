import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import type {
  Database,
  LockHolder,
  PostgresTarget,
  SqliteTarget,
  Target,
} from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { LockBusyError } from '../../src/errors.ts'
import { forEachDialect, OPEN_OPTIONS, type CreateDatabase } from '../support/databases.ts'
import { databaseFailureOf, failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const SOON = { timeoutMs: 10_000 }

forEachDialect((dialect, create) => {
  test('the body runs, and what it returns or throws comes back', async () => {
    const { database } = await create()
    assert.equal(await database.withLock(SOON, async () => 'result'), 'result')
    const reason = new Error('made up')
    const attempt = database.withLock(SOON, async () => {
      throw reason
    })
    await assert.rejects(attempt, (error) => error === reason)
    assert.equal((await database.lockStatus()).held, false)
  })

  test('a second lock inside the first only runs the body', async () => {
    const { database } = await create()
    const result = await database.withLock(SOON, () => database.withLock(SOON, async () => 'inner'))
    assert.equal(result, 'inner')
    assert.equal((await database.lockStatus()).held, false)
  })

  test('transactions of ten runs do not overlap', async () => {
    const { target, open } = await create()
    await executeRaw(target, 'create table t (n bigint); insert into t values (0)')
    const runs = await Promise.all(Array.from({ length: 10 }, () => open()))
    let inside = 0
    const increment = (database: Database) =>
      database.withLock({ timeoutMs: 60_000 }, () =>
        database.transaction(async () => {
          assert.equal((inside += 1), 1)
          const { rows } = await sql<{ n: string }>`select n from t`.execute(database.queries)
          await sleep(2)
          await sql`update t set n = ${Number(rows[0]!.n) + 1}`.execute(database.queries)
          inside -= 1
        }),
      )
    for (let round = 0; round < 3; round += 1) await Promise.all(runs.map(increment))
    assert.deepEqual(await queryRaw(target, 'select n from t'), [
      [dialect === 'sqlite' ? 30n : '30'],
    ])
  })

  if (dialect === 'postgres') describePostgres(create)
  else describeSqlite(create)
})

function describePostgres(create: CreateDatabase): void {
  test('shows who holds it, once, and gets it when it is free', async () => {
    const { database, open } = await create()
    const second = await open({ applicationName: 'second' })
    const waits: (LockHolder | null)[] = []
    const events: string[] = []
    let waiting: Promise<void> | undefined
    await database.withLock(SOON, async () => {
      const options = { ...SOON, onWait: (holder: LockHolder | null) => void waits.push(holder) }
      waiting = second.withLock(options, async () => void events.push('second'))
      await sleep(300)
      const { kind, held, holder } = await second.lockStatus()
      assert.deepEqual([kind, held, holder?.applicationName], ['advisory', true, 'tidegate-test'])
      events.push('first')
    })
    await waiting
    assert.deepEqual(events, ['first', 'second'])
    assert.equal(waits.length, 1)
    const [holder] = waits
    assert.equal(holder?.applicationName, 'tidegate-test')
    assert.equal(holder.client, '127.0.0.1')
    assert.ok(holder.processId > 0 && holder.ageSeconds >= 0 && holder.ageSeconds < 60)
  })

  test('gives up at the deadline and names the holder', async () => {
    const { database, open } = await create()
    const second = await open()
    await database.withLock(SOON, async () => {
      const started = performance.now()
      const error = await failureOf(second.withLock({ timeoutMs: 200 }, async () => undefined))
      const waitedMs = performance.now() - started
      assert.ok(error instanceof LockBusyError)
      assert.match(
        error.message,
        /^tidegate-test \(session \d+ from 127\.0\.0\.1\) kept the lock of /,
      )
      assert.ok(waitedMs >= 200 && waitedMs < 2000, `${waitedMs}`)
    })
  })

  test('a transaction without the lock waits for a run with it', async () => {
    const { database, open, target } = await create()
    await executeRaw(target, 'create table t (name text)')
    const second = await open()
    let waiting: Promise<unknown> | undefined
    await database.withLock(SOON, async () => {
      waiting = second.transaction(() =>
        sql`insert into t values ('second')`.execute(second.queries),
      )
      await sleep(200)
      assert.deepEqual(await queryRaw(target, 'select * from t'), [])
      // The waiter is not in a transaction meanwhile.
      const idle = `select count(*)::int from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'`
      assert.deepEqual(await queryRaw(target, idle), [[0]])
    })
    await waiting
    assert.deepEqual(await queryRaw(target, 'select * from t'), [['second']])
  })

  test('the locks of other databases and schemas are others', async () => {
    const { database, target } = await create()
    const other = await create()
    await executeRaw(target, 'create schema other')
    const role = `alter database ${(target as PostgresTarget).database} set search_path = other`
    await database.withLock(SOON, async () => {
      await other.database.withLock({ timeoutMs: 0 }, async () => undefined)
      await executeRaw(target, role)
      const schema = await openDatabase(target, OPEN_OPTIONS)
      await schema.withLock({ timeoutMs: 0 }, async () => undefined)
      await schema.close()
    })
  })

  test('a killed holder frees it', async () => {
    const { database, open, target } = await create()
    const second = await open()
    const held = database.withLock(SOON, async () => {
      await sql`select pg_sleep(30)`.execute(database.queries)
    })
    const failure = databaseFailureOf(held)
    while (!(await second.lockStatus()).held) await sleep(10)
    const { holder } = await second.lockStatus()
    await executeRaw(target, `select pg_terminate_backend(${holder!.processId})`)
    await second.withLock(SOON, async () => undefined)
    const { facts } = await failure
    assert.deepEqual([facts.sqlState, facts.retry], ['57P01', 'connection'])
  })

  test('release ends the session that holds it', async () => {
    const { database, open } = await create()
    const second = await open()
    assert.equal(await second.releaseLock(), null)
    const error = await databaseFailureOf(
      database.withLock(SOON, async () => {
        assert.equal(await database.releaseLock(), null)
        const holder = await second.releaseLock()
        assert.equal(holder?.applicationName, 'tidegate-test')
        assert.equal((await second.lockStatus()).held, false)
      }),
    )
    assert.match(error.message, /was lost while the command was running/)
    assert.deepEqual([error.facts.sqlState, error.facts.retry], ['57P01', 'connection'])
  })

  test('a lock that was given away meanwhile is an error, unless the body has a better one', async () => {
    const { database } = await create()
    const giveAway = () => sql`select pg_advisory_unlock_all()`.execute(database.queries)
    const error = await databaseFailureOf(database.withLock(SOON, giveAway))
    assert.match(error.message, /was lost while the command was running/)
    const attempt = database.withLock(SOON, async () => {
      await giveAway()
      throw new Error('of the body')
    })
    await assert.rejects(attempt, { message: 'of the body' })
  })

  test('leaves no lock and no lease behind', async () => {
    const { database, target } = await create()
    const lease = async () => {
      const { rows } = await sql<{ lease: string }>`
        select current_setting('idle_session_timeout') as lease`.execute(database.queries)
      return rows[0]!.lease
    }
    await database.withLock(SOON, async () => {
      assert.equal(await lease(), '30s')
      await database.transaction(async () => undefined)
    })
    assert.equal(await lease(), '0')
    assert.deepEqual(await queryRaw(target, ADVISORY_LOCKS), [[0]])
  })

  test('a heartbeat keeps the session from being idle while the lock is held', async (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] })
    const { database, target } = await create()
    const last = `select query from pg_stat_activity where application_name = 'tidegate-test'
      and query = 'select 1' and datname = current_database()`
    await database.withLock(SOON, async () => {
      assert.deepEqual(await queryRaw(target, last), [])
      context.mock.timers.tick(5_000)
      await sleep(50)
      assert.deepEqual(await queryRaw(target, last), [['select 1']])
    })
    context.mock.timers.tick(5_000)
    await sleep(50)
    assert.deepEqual(await queryRaw(target, last), [])
  })
}

const ADVISORY_LOCKS = `select count(*)::int from pg_locks where locktype = 'advisory'
  and database = (select oid from pg_database where datname = current_database())`

function describeSqlite(create: CreateDatabase): void {
  test('gives up at the deadline and names the file', async () => {
    const { database, target } = await create()
    const release = holdFile(target)
    const waits: unknown[] = []
    const options = { timeoutMs: 200, onWait: (holder: unknown) => void waits.push(holder) }
    const started = performance.now()
    const error = await failureOf(
      database.withLock(options, () => database.transaction(async () => undefined)),
    )
    const waitedMs = performance.now() - started
    release()
    assert.ok(error instanceof LockBusyError)
    assert.equal(error.message, `another program kept ${target.label} locked for 200 ms`)
    assert.deepEqual(waits, [null])
    assert.ok(waitedMs >= 200 && waitedMs < 2000, `${waitedMs}`)
    await database.transaction(async () => undefined)
  })

  test('goes on when the file is free', async () => {
    const { database, target } = await create()
    const release = holdFile(target)
    setTimeout(release, 100)
    await database.withLock(SOON, () => database.transaction(async () => undefined))
  })

  test('says whether somebody writes, without writing', async () => {
    const { database, target } = await create()
    assert.deepEqual(await database.lockStatus(), { kind: 'file', held: false, holder: null })
    const release = holdFile(target)
    assert.deepEqual(await database.lockStatus(), { kind: 'file', held: true, holder: null })
    assert.equal(await database.releaseLock(), null)
    release()
    await database.transaction(async () => {
      assert.equal((await database.lockStatus()).held, true)
    })
    assert.equal((await database.lockStatus()).held, false)
  })

  test('a killed holder frees it', async () => {
    const { database, target } = await create()
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER], {
      env: { ...process.env, FILE: (target as SqliteTarget).path },
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    assert.equal((await database.lockStatus()).held, true)
    child.kill('SIGKILL')
    await database.withLock(SOON, () => database.transaction(async () => undefined))
  })
}

const HOLDER = `
  import Sqlite from 'better-sqlite3'
  new Sqlite(process.env.FILE).exec('begin immediate; create table half (a)')
  console.log('held')
  setInterval(() => undefined, 1000)`

function holdFile(target: Target): () => void {
  const handle = new Sqlite((target as SqliteTarget).path)
  handle.exec('begin immediate')
  return () => void handle.close()
}
