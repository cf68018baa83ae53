import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { LockBusyError } from '../../src/errors.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { startPooler, type Pooler } from '../support/pooler.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const server = await testPostgres()

describe('behind a transaction pooler', () => {
  let made: PostgresDatabase
  let pooler: Pooler
  const opened: Database[] = []
  before(async () => {
    made = await createTestDatabase(server)
    await executeRaw(made.target, 'create table t (n int); insert into t values (0)')
    pooler = await startPooler(made.target, 3)
  })
  after(async () => {
    for (const database of opened) await database.close()
    await pooler.close()
    await made.drop()
  })

  const open = async (target = pooler.target): Promise<Database> => {
    const database = await openDatabase(target, OPEN_OPTIONS)
    opened.push(database)
    return database
  }

  test('opens without the settings that the pooler refuses, and knows it', async () => {
    const before = pooler.refused
    // The driver must not send these in the place of ours.
    process.env['PGOPTIONS'] = '-c geqo=off'
    const database = await open().finally(() => delete process.env['PGOPTIONS'])
    assert.equal(pooler.refused, before + 1)
    assert.equal((await database.capabilities()).sessions, false)
  })

  test('holds no lock of a session, and leaves none behind', async () => {
    const database = await open()
    const locks = `
      select count(*)::int from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`
    await database.withLock({ timeoutMs: 1000 }, async () => {
      assert.deepEqual(await queryRaw(made.target, locks), [[0]])
      await database.transaction(async () => {
        assert.deepEqual(await queryRaw(made.target, locks), [[1]])
      })
    })
    assert.deepEqual(await queryRaw(made.target, locks), [[0]])
  })

  test('the limits hold inside a transaction and nowhere else', async () => {
    const database = await open()
    const limit = async () => {
      const query = sql<{ limit: string }>`select current_setting('statement_timeout') as limit`
      return (await query.execute(database.queries)).rows[0]!.limit
    }
    assert.equal(await database.transaction(limit), '30s')
    for (let session = 0; session < 6; session += 1) assert.equal(await limit(), '0')
  })

  test('transactions of ten runs do not overlap', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => open()))
    let inside = 0
    const increment = (database: Database) =>
      database.withLock({ timeoutMs: 60_000 }, () =>
        database.transaction(async () => {
          assert.equal((inside += 1), 1)
          const { rows } = await sql<{ n: number }>`select n from t`.execute(database.queries)
          await sleep(2)
          await sql`update t set n = ${rows[0]!.n + 1}`.execute(database.queries)
          inside -= 1
        }),
      )
    for (let round = 0; round < 3; round += 1) await Promise.all(runs.map(increment))
    assert.deepEqual(await queryRaw(made.target, 'select n from t'), [[30]])
  })

  test('a run on a direct connection keeps the others out', async () => {
    const direct = await open(made.target)
    const database = await open()
    await direct.withLock({ timeoutMs: 1000 }, async () => {
      const attempt = database.withLock({ timeoutMs: 200 }, () =>
        database.transaction(async () => undefined),
      )
      assert.ok((await failureOf(attempt)) instanceof LockBusyError)
    })
    await database.transaction(async () => undefined)
  })
})
