import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type DatabaseError, TidegateError } from '../../src/errors.ts'
import { migrateDown, migrateUp } from '../../src/migrate/runner.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { folderMaker, inputFor, ledgerOf, makesTable, type Module, tablesOf } from './harness.ts'

const SECRET = 'sk-test-in-a-row'

/** What a program shows of an error; the cause is for a debugger. */
function shown(error: TidegateError): string {
  return JSON.stringify([error.message, error.nextStep, error.details, error.code])
}

const UNIQUE: Module = {
  up: `await run('create table c (id bigint, name text unique)')
    await run("insert into c values (1, '${SECRET}')")
    await run("insert into c values (2, '${SECRET}')")`,
}

interface Case {
  readonly module: Module
  readonly message: RegExp
  readonly sqlState?: Readonly<Record<'sqlite' | 'postgres', string>>
}

const CASES: Readonly<Record<string, Case>> = {
  'a duplicate value': {
    module: UNIQUE,
    message: /^0002-b: up\(\) failed: duplicate value/,
    sqlState: { sqlite: 'SQLITE_CONSTRAINT_UNIQUE', postgres: '23505' },
  },
  'a missing value': {
    module: {
      up: `await run('create table c (id bigint, name text not null)')
        await run("insert into c select id, name from (select 1 as id, null as name, '${SECRET}' as x) as s")`,
    },
    message: /^0002-b: up\(\) failed: a value is missing/,
    sqlState: { sqlite: 'SQLITE_CONSTRAINT_NOTNULL', postgres: '23502' },
  },
  'a syntax error around a literal': {
    module: { up: `await run("create table c (id bigint)"); await run("insert '${SECRET}' oops")` },
    message: /^0002-b: up\(\) failed: /,
    sqlState: { sqlite: 'SQLITE_ERROR', postgres: '42601' },
  },
  'an error of JavaScript': {
    module: {
      up: `await run('create table c (id bigint)')
        throw new RangeError('the row holds ${SECRET}')`,
    },
    message: /^0002-b: up\(\) threw RangeError at line 7$/,
  },
  'a value that is no error': {
    module: { up: `await run('create table c (id bigint)'); throw { key: '${SECRET}' }` },
    message: /^0002-b: up\(\) threw a value that is no error$/,
  },
}

forEachDialect((dialect, create) => {
  const makeFolder = folderMaker()
  let made: TestDatabase
  before(async () => {
    made = await create()
  })

  describe('a migration that fails keeps nothing and quotes nothing', () => {
    for (const [name, { module, message, sqlState }] of Object.entries(CASES)) {
      test(name, async () => {
        const folder = await makeFolder({
          '0001-a': { up: '', down: '' },
          '0002-b': module,
          '0003-c': makesTable('never'),
        })
        const input = inputFor(made.database, folder)
        const error = await failureOf(migrateUp(input, {}))
        assert.match(error.message, message)
        assert.notEqual(error.nextStep ?? '', '')
        assert.equal(shown(error).includes(SECRET), false, shown(error))
        if (sqlState !== undefined) {
          assert.equal((error as DatabaseError).facts.sqlState, sqlState[dialect])
        }
        assert.deepEqual(await tablesOf(made.database), [])
        assert.deepEqual(await ledgerOf(made.target), ['0001-a applied'])
        assert.deepEqual(
          input.events.map(({ name: step }) => step),
          ['0001-a'],
        )
        await migrateDown(inputFor(made.database, folder), {})
      })
    }
  })

  test('a down that fails keeps everything', async () => {
    const folder = await makeFolder({
      '0001-a': {
        up: `await run('create table c (id bigint)')`,
        down: `await run('drop table c'); throw new Error('${SECRET}')`,
      },
    })
    await migrateUp(inputFor(made.database, folder), {})
    const error = await failureOf(migrateDown(inputFor(made.database, folder), {}))
    assert.match(error.message, /^0001-a: down\(\) threw Error at line 10$/)
    assert.equal(shown(error).includes(SECRET), false)
    assert.deepEqual(await tablesOf(made.database), ['c'])
    assert.deepEqual(await ledgerOf(made.target), ['0001-a applied'])
  })

  test('a migration that drops the error of a failed statement', async () => {
    const { database, target } = await create()
    const folder = await makeFolder({
      '0001-a': {
        up: `await run('create table c (id bigint)')
          await run('insert into none values (1)').catch(() => undefined)`,
      },
    })
    const attempt = migrateUp(inputFor(database, folder), {})
    if (dialect === 'sqlite') {
      // A failed statement does not end SQLite's transaction.
      await attempt
      assert.deepEqual(await ledgerOf(target), ['0001-a applied'])
      return
    }
    const error = await failureOf(attempt)
    assert.match(error.message, /^0001-a: /)
    assert.notEqual(error.nextStep ?? '', '')
    assert.deepEqual(await tablesOf(database, true), [])
  })

  test('a migration whose COMMIT fails', async () => {
    const folder = await makeFolder({
      '0001-a': makesTable('t'),
      '0002-b': {
        up:
          dialect === 'postgres'
            ? `await run('create table c (name text unique deferrable initially deferred)')
               await run("insert into c values ('${SECRET}'), ('${SECRET}')")`
            : `await run('create table p (id integer primary key)')
               await run('create table c (p integer references p)')
               await run('insert into c values (1)')`,
      },
    })
    const { database, target } = await create()
    const error = await failureOf(migrateUp(inputFor(database, folder), {}))
    assert.match(error.message, /^0002-b: up\(\) failed: /)
    assert.notEqual(error.nextStep ?? '', '')
    assert.equal(shown(error).includes(SECRET), false)
    assert.deepEqual(await tablesOf(database), ['t'])
    assert.deepEqual(await ledgerOf(target), ['0001-a applied'])
  })

  describe('a migration that ends the transaction itself', () => {
    for (const statements of [['commit'], ['rollback'], ['commit', 'begin']]) {
      test(statements.join(', '), async () => {
        const { database, target } = await create()
        const folder = await makeFolder({
          '0001-a': makesTable('t'),
          '0002-b': {
            up: `await run('create table c (id bigint)')
              for (const text of ${JSON.stringify(statements)}) await run(text)`,
          },
          '0003-c': makesTable('never'),
        })
        const error = await failureOf(migrateUp(inputFor(database, folder), {}))
        assert.match(error.message, /^0002-b: up\(\) failed: /)
        assert.match(error.message, /began or ended a transaction/)
        assert.match(error.nextStep ?? '', /remove BEGIN, COMMIT/)
        assert.deepEqual(await ledgerOf(target), ['0001-a applied'])
        assert.equal((await tablesOf(database)).includes('never'), false)
        // The connection is of use again.
        await migrateUp(inputFor(database, folder), { to: '0001-a' })
      })
    }
  })
})
