import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CompiledQuery } from 'kysely'
import type { SqliteConnection } from '../../src/database/sqlite/connection.ts'
import { openHandle } from '../../src/database/sqlite/handle.ts'
import { createSqliteFile } from '../support/sqlite.ts'

describe('statements of SQLite are prepared once', () => {
  let connection: SqliteConnection
  let drop: () => Promise<void>
  before(async () => {
    const file = await createSqliteFile()
    drop = () => file.drop()
    connection = await openHandle(file.target, 'read-write')
    await execute('create table t (a integer, b text)')
    await execute(`insert into t values (1, 'x')`)
  })
  after(async () => {
    connection.close()
    await drop()
  })
  const execute = async (text: string, values: unknown[] = []) =>
    (await connection.execute(CompiledQuery.raw(text, values))).rows

  test('one text gives rows of either form, in any order', async () => {
    const text = 'select a, b from t where a = ?'
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(connection.rows(text, [1n]), [[1n, 'x']])
      assert.deepEqual(await execute(text, [1]), [{ a: 1, b: 'x' }])
    }
    const batches = connection.batches<string>(text, [1], { form: 'raw', size: 1 })
    assert.deepEqual([...batches], [[[1n, 'x']]])
  })

  test('a text may be read again while it is read', () => {
    const text = 'select a from t'
    const batches = connection.batches<unknown[]>(text, [], { form: 'raw', size: 1 })
    assert.deepEqual(batches.next().value, [[1n]])
    assert.deepEqual(connection.rows(text), [[1n]])
    assert.equal(batches.next().done, true)
  })

  test('parameters of one run are not those of the next', async () => {
    const text = 'select ? as value'
    assert.deepEqual(await execute(text, ['a']), [{ value: 'a' }])
    assert.deepEqual(await execute(text, [null]), [{ value: null }])
  })

  test('a changed schema is seen', async () => {
    await execute('create table changing (a integer)')
    await execute('insert into changing values (1)')
    const text = 'select * from changing'
    assert.deepEqual(await execute(text), [{ a: 1 }])
    await execute('alter table changing add column b text')
    assert.deepEqual(await execute(text), [{ a: 1, b: null }])
    assert.deepEqual(connection.rows(text), [[1n, null]])
    await execute('drop table changing')
    assert.throws(() => connection.rows(text), /a table that does not exist/)
  })

  test('a pragma takes effect each time', async () => {
    for (const level of ['off', 'full', 'off']) await execute(`pragma synchronous = ${level}`)
    assert.deepEqual(connection.rows('pragma synchronous'), [[0n]])
  })

  test('more texts than are kept', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 100; n += 1)
        assert.deepEqual(connection.rows(`select ${n}`), [[BigInt(n)]])
    }
  })

  test('none outlives the connection', async () => {
    const file = await createSqliteFile()
    const other = await openHandle(file.target, 'read-write')
    other.rows('select 1')
    other.close()
    assert.throws(() => other.rows('select 1'), /closed/)
    await file.drop()
  })
})
