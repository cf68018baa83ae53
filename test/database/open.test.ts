import assert from 'node:assert/strict'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { SqliteTarget } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { forEachDialect, OPEN_OPTIONS, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf, failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw, withSqlite } from '../support/raw.ts'

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create()
  })

  test('says what it is and runs statements', async () => {
    const { database, target } = made
    assert.equal(database.dialect, dialect)
    assert.equal(database.label, target.label)
    const { rows } = await sql`select ${'a'} as a, ${1} + 1 as b`.execute(database.queries)
    assert.equal((rows[0] as { a: string }).a, 'a')
    assert.deepEqual(await database.capabilities(), {
      sessions: true,
      sequences: dialect === 'postgres',
    })
  })

  test('counts the rows that a statement touches', async () => {
    const { database, target } = made
    await executeRaw(target, 'create table t (id bigint, name text)')
    const insert = await sql`insert into t values (1, 'a'), (2, 'b')`.execute(database.queries)
    assert.equal(insert.numAffectedRows, 2n)
    const update = await sql`update t set name = 'c' where id = 2`.execute(database.queries)
    assert.equal(update.numAffectedRows, 1n)
    const none = await sql`delete from t where id = 3`.execute(database.queries)
    assert.equal(none.numAffectedRows, 0n)
  })

  test('runs statements of concurrent callers one after the other', async () => {
    const { database } = made
    // The next major version of pg refuses what it only warns of now.
    const warnings: Error[] = []
    const onWarning = (warning: Error) => void warnings.push(warning)
    process.on('warning', onWarning)
    const numbers = Array.from({ length: 20 }, (_, index) => index)
    const results = await Promise.all(
      numbers.map((n) => sql<{ n: unknown }>`select ${n} + 0 as n`.execute(database.queries)),
    )
    assert.deepEqual(
      results.map(({ rows }) => Number(rows[0]!.n)),
      numbers,
    )
    process.off('warning', onWarning)
    assert.deepEqual(warnings, [])
  })

  test('refuses any use after close, and closes again', async () => {
    const { database, open } = made
    const second = await open()
    await second.close()
    await second.close()
    const uses = [
      () => sql`select 1`.execute(second.queries),
      () => second.catalog(),
      () => second.read([{ table: 't', columns: [{ name: 'a' }] }]),
      () => second.transaction(async () => undefined),
      () => second.nextIds('t', 1),
      () => second.lockStatus(),
    ]
    for (const use of uses) {
      const { message, code, facts } = await databaseFailureOf(use)
      assert.equal(message, `the connection to ${second.label} is closed`)
      assert.deepEqual([code, facts.retry], ['connection', 'never'])
    }
    await sql`select 1`.execute(database.queries)
  })

  test("refuses Kysely's own transaction", async () => {
    const { database } = made
    const error = await failureOf(database.queries.transaction().execute(async () => undefined))
    assert.equal(error.code, 'internal')
  })
})

describe('sqlite', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidegate-open-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const targetAt = (path: string): SqliteTarget => ({
    dialect: 'sqlite',
    path,
    label: path,
    busyTimeoutMs: 50,
  })

  test('a missing file fails, and none is made', async () => {
    const target = targetAt(join(folder, 'missing.db'))
    const error = await databaseFailureOf(openDatabase(target, OPEN_OPTIONS))
    assert.equal(error.message, `there is no file ${target.path}`)
    assert.deepEqual([error.code, error.facts.retry], ['connection', 'never'])
    assert.match(error.nextStep ?? '', /check the path/)
    assert.equal(existsSync(target.path), false)
  })

  test('a missing file is made for its owner alone when asked', async () => {
    const target = targetAt(join(folder, 'made.db'))
    const database = await openDatabase(target, { ...OPEN_OPTIONS, missingFile: 'create' })
    assert.deepEqual(await database.catalog(), new Map())
    await database.close()
    assert.equal(statSync(target.path).mode & 0o777, 0o600)
  })

  test('a file in a missing folder fails even then', async () => {
    const target = targetAt(join(folder, 'no', 'such', 'file.db'))
    const options = { ...OPEN_OPTIONS, missingFile: 'create' } as const
    const error = await databaseFailureOf(openDatabase(target, options))
    assert.match(error.message, /^the folder of .* does not exist$/)
  })

  test('a folder is no database', async () => {
    const error = await databaseFailureOf(openDatabase(targetAt(folder), OPEN_OPTIONS))
    assert.match(error.message, /is not a file$/)
  })

  test('nor is a file of something else', async () => {
    const target = targetAt(join(folder, 'text.db'))
    writeFileSync(target.path, 'sk-made-up-secret '.repeat(200))
    const error = await databaseFailureOf(openDatabase(target, OPEN_OPTIONS))
    assert.deepEqual([error.code, error.facts.sqlState], ['connection', 'SQLITE_NOTADB'])
  })

  test('leaves the journal mode as it is and sets what commits safely', async () => {
    for (const mode of ['delete', 'wal']) {
      const target = targetAt(join(folder, `${mode}.db`))
      withSqlite(target, (handle) => {
        handle.pragma(`journal_mode = ${mode}`)
        handle.exec('create table t (a)')
      })
      const database = await openDatabase(target, OPEN_OPTIONS)
      const pragma = async (name: string) => {
        const query = sql<Record<string, unknown>>`select * from ${sql.id(`pragma_${name}`)}`
        const { rows } = await query.execute(database.queries)
        return Object.values(rows[0]!)[0]
      }
      assert.equal(await pragma('journal_mode'), mode)
      assert.equal(await pragma('synchronous'), 2)
      assert.equal(await pragma('foreign_keys'), 0)
      await database.close()
      assert.deepEqual(await queryRaw(target, 'select * from pragma_journal_mode'), [[mode]])
    }
  })

  test('integers keep their digits', async () => {
    const target = targetAt(join(folder, 'integers.db'))
    withSqlite(target, (handle) =>
      handle.exec('create table t (id integer primary key, n integer)'),
    )
    const database = await openDatabase(target, OPEN_OPTIONS)
    const values = [0, 1, -1, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n)]
    for (const value of values) {
      await sql`insert into t (n) values (${value})`.execute(database.queries)
    }
    const { rows } = await sql<{ n: unknown }>`select n from t order by id`.execute(
      database.queries,
    )
    assert.deepEqual(
      rows.map(({ n }) => n),
      values,
    )
    await database.close()
  })
})
