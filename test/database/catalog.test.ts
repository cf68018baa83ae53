import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Catalog, DialectName } from '../../src/database/contract.ts'
import { forEachDialect } from '../support/databases.ts'
import { GATEWAY_FIXTURES, type GatewayFixture } from '../support/fixtures.ts'
import { executeRaw } from '../support/raw.ts'

/** Families and lengths of some columns that differ between dialects, and of all families. */
const COLUMNS = {
  'channels.id': ['integer', null],
  'channels.key': ['text', null],
  'channels.balance': ['number', null],
  'channels.group': ['text', { oa: 32, other: 64 }],
  'abilities.enabled': ['boolean', null],
  'abilities.channel_id': ['integer', null],
  'tokens.unlimited_quota': ['boolean', null],
  'users.access_token': ['text', 32],
  'options.value': ['text', null],
} as const

const ONLY_NEW = {
  'channels.channel_info': ['json', null],
  'tokens.deleted_at': ['time', null],
  'tokens.model_limits_enabled': ['boolean', null],
  'channels.remark': ['text', 255],
} as const

forEachDialect((dialect, create) => {
  test('an empty database has an empty catalog', async () => {
    const { database } = await create()
    assert.deepEqual(await database.catalog(), new Map())
  })

  for (const fixture of GATEWAY_FIXTURES) {
    test(`reads the tables of ${fixture}`, async () => {
      const { database } = await create({ fixture })
      const catalog = await database.catalog()
      for (const table of ['channels', 'abilities', 'tokens', 'users', 'options']) {
        assert.ok(catalog.has(table), `no ${table}`)
      }
      assertColumns(catalog, COLUMNS, fixture)
      if (fixture !== 'oa') assertColumns(catalog, ONLY_NEW, fixture)
      assert.equal(unknownFamilies(catalog), '')
      assert.equal(column(catalog, 'channels.id').nullable, false)
      assert.equal(column(catalog, 'channels.base_url').nullable, true)
      assert.equal(column(catalog, 'options.key').nullable, false)
    })
  }

  test('spells types as the database does', async () => {
    const { database } = await create({ fixture: 'n25' })
    const spelled: Record<DialectName, string> = {
      sqlite: 'varchar(64)',
      postgres: 'character varying(64)',
    }
    assert.equal(column(await database.catalog(), 'channels.group').type, spelled[dialect])
  })

  test('takes names as they are', async () => {
    const { database, target } = await create()
    await executeRaw(target, `create table "a.b ""c" ("x""; drop table t; --" text)`)
    const catalog = await database.catalog()
    assert.deepEqual([...catalog.keys()], ['a.b "c'])
    assert.deepEqual([...catalog.get('a.b "c')!.keys()], ['x"; drop table t; --'])
  })

  test('knows every family', async () => {
    const { database, target } = await create()
    await executeRaw(target, TYPES[dialect])
    const columns = [...(await database.catalog()).get('t')!.values()]
    for (const { name, family, maxLength } of columns) {
      const [expected, length] = name.split('_')
      assert.equal(family, expected, name)
      assert.equal(maxLength, /^\d+$/.test(length ?? '') ? Number(length) : null, name)
    }
  })
})

/** Each column is named after its family, and its length where it has one. */
const TYPES: Record<DialectName, string> = {
  sqlite: `create table t (integer_a bigint, integer_b integer, integer_c int unsigned,
    number_a real, number_b double precision, number_c decimal(10,6), number_d numeric(4,2),
    boolean_a numeric, boolean_b boolean, text_a text, text_5 varchar(5), text_6 char(6),
    text_7 character varying(7), json_a json, time_a datetime, time_b timestamp, bytes_a blob,
    other_a, other_b polygon, text_c uuid)`,
  postgres: `create domain code as varchar(9);
    create table t (integer_a bigint, integer_b integer, integer_c smallint, number_a real,
    number_b double precision, number_c numeric(10,6), number_d numeric, boolean_a boolean,
    text_a text, text_5 varchar(5), text_6 char(6), text_b varchar, text_9 code, json_a json,
    json_b jsonb, time_a timestamptz, time_b date, bytes_a bytea, other_a text[], other_b inet, text_c uuid)`,
}

type Expected = readonly [string, number | null | { readonly oa: number; readonly other: number }]

function assertColumns(
  catalog: Catalog,
  expected: Readonly<Record<string, Expected>>,
  fixture: GatewayFixture,
): void {
  for (const [name, [family, length]] of Object.entries(expected)) {
    const wanted =
      typeof length === 'object' && length !== null
        ? fixture === 'oa'
          ? length.oa
          : length.other
        : length
    const found = column(catalog, name)
    assert.deepEqual([found.family, found.maxLength], [family, wanted], name)
  }
}

function column(catalog: Catalog, name: string) {
  const [table = '', columnName = ''] = name.split('.')
  const found = catalog.get(table)?.get(columnName)
  assert.ok(found, `no ${name}`)
  return found
}

function unknownFamilies(catalog: Catalog): string {
  const columns = [...catalog.values()].flatMap((table) => [...table.values()])
  return columns
    .filter(({ family }) => family === 'other')
    .map(({ table, name, type }) => `${table}.${name} ${type}`)
    .join(', ')
}
