import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { CatalogColumn, DialectName } from '../../src/database/contract.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'

interface Case {
  readonly column: string
  readonly canonical: string | null
  /** As it is read back where that is not the canonical text. */
  readonly read?: Partial<Record<DialectName, string>>
}

const CASES: readonly Case[] = [
  { column: 'channels.type', canonical: '55' },
  { column: 'channels.used_quota', canonical: '9007199254740993' },
  { column: 'channels.used_quota', canonical: '-9223372036854775808' },
  { column: 'channels.balance', canonical: '0.1' },
  { column: 'channels.balance', canonical: '-1.5' },
  { column: 'channels.name', canonical: "Bltcy旧网关 'quoted' \\ 🚢" },
  { column: 'channels.name', canonical: '' },
  { column: 'channels.name', canonical: 'true' },
  { column: 'channels.tag', canonical: null },
  { column: 'channels.channel_info', canonical: '{"is_multi_key":false,"名":" "}' },
  { column: 'channels.channel_info', canonical: null },
  { column: 'tokens.unlimited_quota', canonical: 'true', read: { sqlite: '1' } },
  { column: 'tokens.unlimited_quota', canonical: 'false', read: { sqlite: '0' } },
  { column: 'tokens.deleted_at', canonical: '2026-01-02 03:04:05.123456+00' },
]

const STORAGE: Readonly<Record<string, string>> = {
  'channels.type': 'integer',
  'channels.used_quota': 'integer',
  'channels.balance': 'real',
  'channels.channel_info': 'blob',
  'tokens.unlimited_quota': 'integer',
}

forEachDialect((dialect, create) => {
  let gateway: TestDatabase
  before(async () => {
    gateway = await create({ fixture: 'n25' })
    const rows = `insert into channels (id, key) values (1, 'k'); insert into tokens (id) values (1)`
    await executeRaw(gateway.target, rows)
  })

  for (const { column, canonical, read } of CASES) {
    test(`${column} takes ${canonical}`, async () => {
      const { database } = gateway
      const [table = '', name = ''] = column.split('.')
      const bound = database.bind((await database.catalog()).get(table)!.get(name)!, canonical)
      await sql`update ${sql.id(table)} set ${sql.id(name)} = ${bound}`.execute(database.queries)
      const [rows] = await database.read([{ table, columns: [{ name }] }])
      const storage = dialect === 'postgres' ? 'native' : (STORAGE[column] ?? 'text')
      const text = read?.[dialect] ?? canonical
      assert.deepEqual(rows, [[text === null ? null : { storage, text }]])
    })
  }

  test('bytes round-trip', async () => {
    const { database, target } = await create()
    const type = { sqlite: 'blob', postgres: 'bytea' }[dialect]
    await executeRaw(target, `create table t (b ${type})`)
    const column = (await database.catalog()).get('t')!.get('b')!
    const bound = database.bind(column, '\\x00ff10')
    await sql`insert into t values (${bound})`.execute(database.queries)
    const [rows] = await database.read([{ table: 't', columns: [{ name: 'b' }] }])
    assert.equal(rows![0]![0]!.text, '\\x00ff10')
  })

  test('what is no value of the family is neither lost nor invented', async () => {
    const { database } = await create()
    const column = (family: CatalogColumn['family']): CatalogColumn => ({
      table: 't',
      name: 'c',
      type: family,
      family,
      maxLength: null,
      nullable: true,
      keyPosition: null,
      unique: false,
    })
    const odd = {
      integer: ['abc', '1.5', '99999999999999999999'],
      boolean: ['maybe'],
      number: ['', 'x'],
    }
    for (const [family, values] of Object.entries(odd)) {
      for (const value of values) {
        assert.equal(database.bind(column(family as 'integer'), value), value)
      }
    }
  })
})
