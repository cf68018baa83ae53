import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Secret } from '../../src/secret.ts'
import { forEachDialect } from '../support/databases.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader } from '../support/readers.ts'

const server = await testPostgres()

forEachDialect((dialect, create) => {
  test('sequences of a gateway', async () => {
    const { target } = await create({ fixture: 'n25' })
    const reader = await openTestReader(target)
    const states = await reader.sequences()
    if (dialect === 'sqlite') return assert.deepEqual(states, [])
    const names = states.map(({ table, sequence }) => [table, sequence])
    for (const table of ['channels', 'tokens', 'users']) {
      assert.ok(names.some(([one, sequence]) => one === table && sequence === `${table}_id_seq`))
    }
    assert.ok(!names.some(([table]) => table === 'abilities' || table === 'options'))
  })
})

describe('states', () => {
  let made: PostgresDatabase
  before(async () => {
    made = await createTestDatabase(server)
    await executeRaw(
      made.target,
      `create table unused (id bigserial primary key);
       create table behind (id bigserial primary key);
       insert into behind values (default), (1000);
       create table "odd ""name" (id int generated always as identity primary key);
       insert into "odd ""name" select from generate_series(1, 3);
       delete from "odd ""name";
       create table huge (id bigserial primary key);
       insert into huge values (9007199254740993);
       create table other (id text default 'x', number serial);
       create table plain (id bigint);
       create schema elsewhere; create table elsewhere.hidden (id serial)`,
    )
  })
  after(() => made.drop())

  test('last value against largest id, exact, each once', async () => {
    const states = await (await openTestReader(made.target)).sequences()
    assert.deepEqual(
      states.map(({ table, sequence, lastValue, maxId }) => [table, sequence, lastValue, maxId]),
      [
        ['behind', 'behind_id_seq', '1', '1000'],
        ['huge', 'huge_id_seq', null, '9007199254740993'],
        ['odd "name', 'odd "name_id_seq', '3', null],
        ['unused', 'unused_id_seq', null, null],
      ],
    )
  })

  test('leaves out what may not be read, of both kinds', async () => {
    const user = `${made.target.database}_r`
    await executeRaw(
      made.target,
      `create role ${user} login password 'test-password';
       grant usage on schema public to ${user};
       grant select on behind, huge to ${user};
       grant select on behind_id_seq, unused_id_seq to ${user}`,
    )
    const password = new Secret('test-password')
    const reader = await openTestReader({ ...made.target, user, password })
    try {
      const states = await reader.sequences()
      assert.deepEqual(
        states.map(({ table, maxId }) => [table, maxId]),
        [['behind', '1000']],
      )
    } finally {
      await reader.close()
      await executeRaw(made.target, `drop owned by ${user}; drop role ${user}`)
    }
  })

  test('an empty database has none', async () => {
    const empty = await createTestDatabase(server)
    after(() => empty.drop())
    assert.deepEqual(await (await openTestReader(empty.target)).sequences(), [])
  })
})
