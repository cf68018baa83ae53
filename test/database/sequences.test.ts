import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Database } from '../../src/database/contract.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const nextId = async (database: Database, table: string) => (await database.nextIds(table, 1))[0]

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create({ fixture: 'n25' })
  })
  afterEach(async () => {
    await executeRaw(made.target, 'delete from channels; delete from tokens')
    if (dialect === 'sqlite') return
    await executeRaw(made.target, 'alter sequence channels_id_seq restart')
  })

  test('the first id of an empty table is 1', async () => {
    const { database } = made
    assert.equal(await nextId(database, 'channels'), '1')
  })

  test('ids go on after rows that were inserted by hand', async () => {
    const { database, target } = made
    await executeRaw(target, `insert into channels (id, key) values (7, 'a'), (1000, 'b')`)
    const id = await nextId(database, 'channels')
    assert.equal(id, '1001')
    await executeRaw(target, `insert into channels (id, key) values (${id}, 'c')`)
    assert.equal(await nextId(database, 'channels'), '1002')
  })

  test('several ids at once follow each other, past those in the table', async () => {
    const { database, target } = made
    await executeRaw(target, `insert into channels (id, key) values (9, 'a')`)
    assert.deepEqual(await database.nextIds('channels', 3), ['10', '11', '12'])
    await executeRaw(target, `create table plain (id bigint); insert into plain values (3)`)
    assert.deepEqual(await database.nextIds('plain', 2), ['4', '5'])
  })

  test('ids of each table are its own', async () => {
    const { database, target } = made
    await executeRaw(target, `insert into tokens (id) values (5)`)
    assert.equal(await nextId(database, 'channels'), '1')
    assert.equal(await nextId(database, 'tokens'), '6')
  })

  test('a table without a sequence works too', async () => {
    const { database, target } = made
    await executeRaw(
      target,
      `create table "odd ""name" (id bigint); insert into "odd ""name" values (3)`,
    )
    assert.equal(await nextId(database, 'odd "name'), '4')
  })

  if (dialect === 'postgres') {
    test('the sequence never goes back, and the gateway goes on after it', async () => {
      const { database, target } = made
      await executeRaw(
        target,
        `select setval('channels_id_seq', 500); insert into channels (id, key) values (3, 'a')`,
      )
      assert.equal(await nextId(database, 'channels'), '501')
      await executeRaw(target, `insert into channels (key) values ('gateway')`)
      const ids = await queryRaw(target, 'select id from channels order by id')
      assert.deepEqual(ids, [['3'], ['502']])
    })

    test('costs one statement after the first', async () => {
      const { database, target } = made
      await nextId(database, 'channels')
      await sql`select 1`.execute(database.queries)
      const id = await database.transaction(() => nextId(database, 'channels'))
      assert.equal(id, '2')
      assert.deepEqual(await queryRaw(target, 'select last_value from channels_id_seq'), [['2']])
    })
  }
})
