import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Database, DialectName, RawCell } from '../../src/database/contract.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { hmacOf, padKey } from '../support/fingerprints.ts'
import { executeRaw } from '../support/raw.ts'

const KEY = Buffer.from('made-up key of the fingerprints')

const VALUES = [
  'sk-made-up',
  'ключ 鑰匙 🔑',
  ' leading and trailing ',
  'line\nfeed',
  'quote \' and " and \\',
  'x'.repeat(10_000),
  '0',
  '\\x41',
]

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create({ fixture: 'n25' })
  })
  afterEach(() =>
    executeRaw(made.target, 'delete from channels; delete from options; delete from tokens'),
  )

  test('gives every request its rows', async () => {
    const { database, target } = made
    await executeRaw(
      target,
      `insert into channels (id, type, key, name, "group") values
         (1, 55, 'sk-a', 'one', 'default'), (2, 1, 'sk-b', 'two', 'vip');
       insert into options (key, value) values ('ModelPrice', '{"a": 1}')`,
    )
    const [channels, options, tokens] = await database.read([
      { table: 'channels', columns: [{ name: 'id' }, { name: 'name' }, { name: 'tag' }] },
      { table: 'options', columns: [{ name: 'key' }, { name: 'value' }] },
      { table: 'tokens', columns: [{ name: 'id' }] },
    ])
    assert.deepEqual(texts(channels!).toSorted(byText), [
      ['1', 'one', null],
      ['2', 'two', null],
    ])
    assert.deepEqual(texts(options!), [['ModelPrice', '{"a": 1}']])
    assert.deepEqual(tokens, [])
  })

  test('takes no request, and a condition', async () => {
    const { database, target } = made
    assert.deepEqual(await database.read([]), [])
    await executeRaw(target, `insert into options (key, value) values ('a', 'b'), ('c', 'd')`)
    const columns = [{ name: 'value' }]
    const [one, none] = await database.read([
      { table: 'options', columns, where: () => sql<boolean>`${sql.ref('options.key')} = ${'c'}` },
      { table: 'options', columns, where: () => sql<boolean>`${sql.ref('options.key')} = ${'x'}` },
    ])
    assert.deepEqual(texts(one!), [['d']])
    assert.deepEqual(none, [])
  })

  test('says how each value lies', async () => {
    const { database, target } = made
    await executeRaw(target, STORED[dialect])
    const columns = ['i', 'r', 'n', 't', 'j', 'b', 'c', 'd', 'absent', 'empty']
    const [rows] = await database.read([{ table: 't', columns: columns.map((name) => ({ name })) }])
    const cells = Object.fromEntries(columns.map((name, index) => [name, rows![0]![index]]))
    assert.deepEqual(cells, CELLS[dialect])
  })

  test('a column or table that does not exist is an error', async () => {
    const { database } = made
    const column = await databaseFailureOf(
      database.read([{ table: 'channels', columns: [{ name: 'nonsense' }] }]),
    )
    assert.equal(
      column.facts.sqlState,
      { sqlite: 'SQLITE_NO_SUCH_COLUMN', postgres: '42703' }[dialect],
    )
    const table = await databaseFailureOf(
      database.read([{ table: 'nonsense', columns: [{ name: 'id' }] }]),
    )
    assert.equal(
      table.facts.sqlState,
      { sqlite: 'SQLITE_NO_SUCH_TABLE', postgres: '42P01' }[dialect],
    )
  })

  test('quotes names', async () => {
    const { database, target } = made
    await executeRaw(target, `create table "a.b ""c" ("x""; drop table t; --" text)`)
    await executeRaw(target, `insert into "a.b ""c" values ('v')`)
    const [rows] = await database.read([
      { table: 'a.b "c', columns: [{ name: 'x"; drop table t; --' }] },
    ])
    assert.deepEqual(texts(rows!), [['v']])
  })

  test('fingerprints are those of Node, and only they leave the database', async () => {
    const { database, target } = made
    await insertValues(database, VALUES)
    assert.equal(target.dialect, dialect)
    const columns = [
      { name: 'key' },
      { name: 'value', hide: { domain: 'domain|options.value', key: padKey(KEY) } },
    ]
    const [rows] = await database.read([{ table: 'options', columns }])
    const found = new Map(texts(rows!).map(([key, print]) => [key, print]))
    for (const [index, value] of VALUES.entries()) {
      assert.equal(found.get(`k${index}`), hmacOf(KEY, 'domain|options.value', value))
    }
    assert.equal(JSON.stringify(rows).includes('sk-made-up'), false)
  })

  test('NULL and the empty string have no fingerprint', async () => {
    const { database, target } = made
    await executeRaw(target, `insert into options (key, value) values ('a', ''), ('b', null)`)
    const hide = { domain: 'd', key: padKey(KEY) }
    const columns = [{ name: 'key' }, { name: 'value', hide }]
    const [rows] = await database.read([{ table: 'options', columns }])
    assert.deepEqual(texts(rows!).toSorted(byText), [
      ['a', ''],
      ['b', null],
    ])
  })

  test('a state is whether there is something, and no more', async () => {
    const { database, target } = made
    await executeRaw(
      target,
      `insert into options (key, value) values ('a', ''), ('b', null), ('c', 'sk-made-up')`,
    )
    const columns = [{ name: 'key' }, { name: 'value', hide: 'state' as const }]
    const [rows] = await database.read([{ table: 'options', columns }])
    assert.deepEqual(texts(rows!).toSorted(byText), [
      ['a', ''],
      ['b', null],
      ['c', 'set'],
    ])
  })

  test('the blanks that pad a char(n) do not count', async () => {
    const { database, target } = made
    await executeRaw(target, `insert into tokens (id, user_id, key) values (1, 1, 'short')`)
    const hide = { domain: 'd', key: padKey(KEY) }
    const [rows] = await database.read([
      { table: 'tokens', columns: [{ name: 'key' }, { name: 'key', hide }] },
    ])
    assert.deepEqual(texts(rows!), [['short', hmacOf(KEY, 'd', 'short')]])
  })
})

function texts(rows: readonly (readonly (RawCell | null)[])[]): (string | null)[][] {
  return rows.map((row) => row.map((cell) => cell?.text ?? null))
}

async function insertValues({ queries }: Database, values: readonly string[]): Promise<void> {
  const rows = values.map((value, index) => ({ key: `k${index}`, value }))
  await queries.insertInto('options').values(rows).execute()
}

const STORED: Record<DialectName, string> = {
  sqlite: `create table t (i integer, r real, n numeric, t text, j json, b blob, c blob, d blob,
      absent text, empty text);
    insert into t values (9223372036854775807, 0.1, '9007199254740993', 'true',
      cast('{"a": 1}' as blob), x'00ff', x'', cast('\\x41' as blob), null, '')`,
  postgres: `create table t (i bigint, r double precision, n numeric, t text, j json, b bytea,
      c timestamptz, d boolean, absent text, empty text);
    insert into t values (9223372036854775807, 0.1, 9007199254740993.10, 'true',
      ' {"a":  1}', '\\x00ff', '2026-01-02 03:04:05.123456+02', true, null, '')`,
}

const native = (text: string): RawCell => ({ storage: 'native', text })

const CELLS: Record<DialectName, Record<string, RawCell | null>> = {
  sqlite: {
    i: { storage: 'integer', text: '9223372036854775807' },
    r: { storage: 'real', text: '0.1' },
    n: { storage: 'integer', text: '9007199254740993' },
    t: { storage: 'text', text: 'true' },
    j: { storage: 'blob', text: '{"a": 1}' },
    b: { storage: 'blob', text: '\\x00ff' },
    c: { storage: 'blob', text: '' },
    d: { storage: 'blob', text: '\\x5c783431' },
    absent: null,
    empty: { storage: 'text', text: '' },
  },
  postgres: {
    i: native('9223372036854775807'),
    r: native('0.1'),
    n: native('9007199254740993.10'),
    t: native('true'),
    j: native(' {"a":  1}'),
    b: native('\\x00ff'),
    c: native('2026-01-02 01:04:05.123456+00'),
    d: native('true'),
    absent: null,
    empty: native(''),
  },
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1
}
