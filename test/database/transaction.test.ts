import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { sql, type RawBuilder } from 'kysely'
import type { Database, SqliteTarget } from '../../src/database/contract.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf, failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

forEachDialect((dialect, create) => {
  let made: TestDatabase
  let database: Database
  let run: (statement: RawBuilder<unknown>) => Promise<unknown>
  before(async () => {
    made = await create()
    database = made.database
    run = (statement) => statement.execute(database.queries)
    await executeRaw(made.target, 'create table t (id bigint primary key, name text)')
  })

  /** What another connection sees; the table is empty afterwards. */
  const keptNames = async (): Promise<unknown[]> => {
    const rows = await queryRaw(made.target, 'select name from t order by id')
    await executeRaw(made.target, 'delete from t')
    return rows.flat()
  }

  test('keeps what the body wrote and gives what it returned', async () => {
    const result = await database.transaction(async () => {
      await run(sql`insert into t values (1, 'a')`)
      assert.deepEqual(await queryRaw(made.target, 'select * from t'), [])
      await run(sql`insert into t values (2, 'b')`)
      return 'result'
    })
    assert.equal(result, 'result')
    assert.deepEqual(await keptNames(), ['a', 'b'])
  })

  test('takes everything back when the body throws, and throws that', async () => {
    const reason = new Error('made up')
    const attempt = database.transaction(async () => {
      await run(sql`insert into t values (1, 'a')`)
      throw reason
    })
    await assert.rejects(attempt, (error) => error === reason)
    assert.deepEqual(await keptNames(), [])
  })

  test('takes everything back when a statement fails', async () => {
    const error = await databaseFailureOf(
      database.transaction(async () => {
        await run(sql`insert into t values (1, 'a')`)
        await run(sql`insert into t values (1, 'b')`)
      }),
    )
    const code = { sqlite: 'SQLITE_CONSTRAINT_PRIMARYKEY', postgres: '23505' }[dialect]
    assert.equal(error.facts.sqlState, code)
    assert.deepEqual(await keptNames(), [])
  })

  test('takes back changes of the schema', async () => {
    const attempt = database.transaction(async () => {
      await run(sql`create table made (id bigint)`)
      throw new Error('made up')
    })
    await assert.rejects(attempt)
    assert.equal((await database.catalog()).has('made'), false)
  })

  test('a transaction inside another is refused, and the outer one goes on', async () => {
    await database.transaction(async () => {
      const error = await failureOf(database.transaction(async () => undefined))
      assert.equal(error.code, 'internal')
      await run(sql`insert into t values (1, 'a')`)
    })
    assert.deepEqual(await keptNames(), ['a'])
  })

  test('can be used again after each outcome', async () => {
    for (const outcome of ['kept', 'thrown', 'failed', 'kept']) {
      const attempt = database.transaction(async () => {
        await run(sql`insert into t values (1, ${outcome})`)
        if (outcome === 'thrown') throw new Error('made up')
        if (outcome === 'failed') await run(sql`insert into t values (1, 'again')`)
      })
      await attempt.catch(() => undefined)
      assert.deepEqual(await keptNames(), outcome === 'kept' ? ['kept'] : [])
    }
  })

  describe('a body that ends the transaction itself', () => {
    const hidden: readonly (readonly [string, readonly RawBuilder<unknown>[]])[] = [
      ['commit', [sql`commit`]],
      ['rollback', [sql`rollback`]],
      ['commit and begin', [sql`commit`, sql`begin`]],
      ['rollback and begin', [sql`rollback`, sql`begin`]],
    ]
    for (const [name, statements] of hidden) {
      test(`by ${name}`, async () => {
        const error = await databaseFailureOf(
          database.transaction(async () => {
            await run(sql`insert into t values (1, 'before')`)
            for (const statement of statements) await run(statement)
            await run(sql`insert into t values (2, 'after')`)
          }),
        )
        assert.match(error.message, /began or ended a transaction/)
        assert.equal((await keptNames()).includes('after'), false)
      })

      test(`by ${name}, with errors dropped`, async () => {
        const error = await databaseFailureOf(
          database.transaction(async () => {
            for (const statement of statements) await run(statement).catch(() => undefined)
            await run(sql`insert into t values (2, 'after')`).catch(() => undefined)
          }),
        )
        assert.match(error.message, /began or ended a transaction/)
        assert.deepEqual(await keptNames(), [])
      })
    }
  })

  if (dialect === 'postgres') {
    test('a failed statement whose error was dropped is not taken for success', async () => {
      const error = await databaseFailureOf(
        database.transaction(async () => {
          await run(sql`insert into t values (1, 'a')`)
          await run(sql`select 1 / 0`).catch(() => undefined)
          return 'the body is content'
        }),
      )
      assert.match(error.message, /had failed before its end; nothing of it was kept/)
      assert.equal(error.facts.sqlState, '25P02')
      assert.deepEqual(await keptNames(), [])
    })

    for (const text of [
      'commit; begin',
      'rollback and chain',
      'commit and chain',
      'commit; select 1/0',
    ]) {
      test(`a body is caught that says ${text}`, async () => {
        const statement = sql`${sql.raw(text)}`
        const error = await databaseFailureOf(
          database.transaction(async () => {
            await run(sql`insert into t values (1, 'before')`)
            await run(statement).catch(() => undefined)
            await run(sql`insert into t values (2, 'after')`).catch(() => undefined)
          }),
        )
        assert.match(error.message, /began or ended a transaction/)
        assert.equal((await keptNames()).includes('after'), false)
      })
    }

    test('a constraint that fails at COMMIT is an error of its own', async () => {
      await executeRaw(
        made.target,
        'create table child (id bigint references t (id) deferrable initially deferred)',
      )
      const error = await databaseFailureOf(
        database.transaction(async () => {
          await run(sql`insert into child values (7)`)
        }),
      )
      assert.deepEqual([error.facts.sqlState, error.facts.retry], ['23503', 'never'])
      assert.deepEqual(await queryRaw(made.target, 'select * from child'), [])
    })

    test('reads what others commit meanwhile', async () => {
      await database.transaction(async () => {
        assert.deepEqual((await sql`select * from t`.execute(database.queries)).rows, [])
        await executeRaw(made.target, `insert into t values (1, 'theirs')`)
        const { rows } = await sql<{ name: string }>`select name from t`.execute(database.queries)
        assert.deepEqual(rows, [{ name: 'theirs' }])
      })
      await keptNames()
    })

    test('lockRows keeps other writers off', async () => {
      await executeRaw(made.target, `insert into t values (1, 'a'), (2, 'b')`)
      await database.transaction(async () => {
        await database.lockRows('t', () => sql<boolean>`id = 1`)
        const blocked = executeRaw(
          made.target,
          `set lock_timeout = '50ms'; update t set name = 'x' where id = 1`,
        )
        await assert.rejects(blocked, { code: '55P03' })
        await executeRaw(made.target, `update t set name = 'x' where id = 2`)
      })
      assert.deepEqual(await keptNames(), ['a', 'x'])
    })
  }

  if (dialect === 'sqlite') {
    test('a transaction that SQLite ended on its own keeps nothing', async () => {
      const error = await databaseFailureOf(
        database.transaction(async () => {
          await run(sql`insert into t values (1, 'a')`)
          await run(sql`insert or rollback into t values (1, 'b')`).catch(() => undefined)
          await run(sql`insert into t values (2, 'after')`)
        }),
      )
      assert.match(error.message, /began or ended a transaction/)
      assert.deepEqual(await keptNames(), [])
    })

    test('a COMMIT that a reader holds up is issued again', async () => {
      await executeRaw(made.target, `insert into t values (1, 'a')`)
      const handle = new Sqlite((made.target as SqliteTarget).path)
      const reading = handle.prepare('select * from t').iterate()
      reading.next()
      let wasHeldUp = false
      setTimeout(() => {
        wasHeldUp = true
        reading.return?.()
        handle.close()
      }, 100)
      await database.transaction(async () => {
        await run(sql`insert into t values (2, 'b')`)
      })
      assert.ok(wasHeldUp)
      assert.deepEqual(await keptNames(), ['a', 'b'])
    })

    test('rows that would refer to nothing are refused, older ones are not', async () => {
      await executeRaw(
        made.target,
        `create table child (id integer, parent bigint references t (id));
         insert into t values (1, 'a'); insert into child values (1, 1), (2, 99)`,
      )
      const error = await failureOf(
        database.transaction(async () => {
          await run(sql`delete from t`)
        }),
      )
      assert.match(error.message, /^1 rows of child would refer to nothing$/)
      await database.transaction(async () => {
        await run(sql`update t set name = 'b'`)
      })
      assert.deepEqual(await queryRaw(made.target, 'select name from t'), [['b']])
      await executeRaw(made.target, 'drop table child')
      await keptNames()
    })

    test('a table can be rebuilt without losing its children', async () => {
      await executeRaw(
        made.target,
        `create table child (parent bigint references t (id) on delete cascade);
         insert into t values (1, 'a'); insert into child values (1)`,
      )
      await database.transaction(async () => {
        await run(sql`create table rebuilt (id bigint primary key, name text, more text)`)
        await run(sql`insert into rebuilt (id, name) select id, name from t`)
        await run(sql`drop table t`)
        await run(sql`alter table rebuilt rename to t`)
      })
      assert.deepEqual(await queryRaw(made.target, 'select * from child'), [[1n]])
      await executeRaw(made.target, 'drop table child')
      await keptNames()
    })
  }
})
