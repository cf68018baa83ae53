import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Catalog, DIALECTS, type DialectName } from '../../src/database/contract.ts'
import { compareSchemas, type SchemaColumn, type SchemaSide } from '../../src/diff/schema.ts'
import { CORE_TABLES, GATEWAY_TABLES } from '../../src/gateway/columns.ts'
import { forEachDialect } from '../support/databases.ts'
import { GATEWAY_FIXTURES, type GatewayFixture } from '../support/fixtures.ts'

const TABLES = Object.keys(GATEWAY_TABLES)

const catalogs = new Map<string, Catalog>()

function side(dialect: DialectName, fixture: GatewayFixture, catalog?: Catalog): SchemaSide {
  return {
    name: dialect === 'sqlite' ? 'local' : 'production',
    catalog: catalog ?? catalogs.get(`${dialect} ${fixture}`)!,
    enforcesLengths: dialect === 'postgres',
  }
}

const compare = (from: SchemaSide, to: SchemaSide, tables: readonly string[] = TABLES) =>
  compareSchemas({ from, to, tables })

const short = (from: SchemaSide, to: SchemaSide, tables?: readonly string[]) =>
  compare(from, to, tables).map(({ rule, table, column, side, severity }) =>
    [rule, column === null ? table : `${table}.${column}`, side ?? 'both', severity].join(' '),
  )

forEachDialect((dialect, create) => {
  before(async () => {
    for (const fixture of GATEWAY_FIXTURES) {
      const { database } = await create({ fixture })
      catalogs.set(`${dialect} ${fixture}`, await database.catalog())
    }
  })
  test('made the catalogs', () => assert.ok(catalogs.size >= GATEWAY_FIXTURES.length))
})

describe('two schemas of the same gateway have no finding', () => {
  for (const fixture of GATEWAY_FIXTURES) {
    for (const left of DIALECTS) {
      for (const right of DIALECTS) {
        test(`${fixture}, ${left} and ${right}`, () => {
          assert.deepEqual(short(side(left, fixture), side(right, fixture)), [])
        })
      }
    }
  }

  // PostgreSQL only: an upgrade leaves the columns of the primary key as they were.
  for (const [fresh, upgraded] of [
    ['n25', 'upgraded-oa-n25'],
    ['n26', 'upgraded-oa-n26'],
  ] as const) {
    for (const left of DIALECTS) {
      for (const right of DIALECTS) {
        test(`${fresh} and an upgraded one, ${left} and ${right}`, () => {
          const [a, b] = [side(left, fresh), side(right, upgraded)]
          assert.deepEqual(
            short(a, b, CORE_TABLES),
            right === 'postgres' ? ['shorter-limit abilities.group to warning'] : [],
          )
          assert.deepEqual(
            short(b, a, CORE_TABLES),
            left === 'postgres' && right === 'postgres'
              ? ['shorter-limit abilities.model to warning']
              : [],
          )
        })
      }
    }
  }
})

const CHANNELS = {
  id: 'bigint',
  name: 'text',
  type: 'bigint',
  key: 'text',
  models: 'text',
} as const

/** A catalog of made-up tables, in the words of PostgreSQL. */
function catalog(tables: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  return new Map(
    Object.entries(tables).map(([table, columns]) => [
      table,
      new Map(Object.entries(columns).map(([name, type]) => [name, column(type)])),
    ]),
  )
}

function column(type: string): SchemaColumn {
  const maxLength = /\((\d+)\)/.exec(type)?.[1]
  const families = [
    [/^(bigint|integer|int)/, 'integer'],
    [/^(numeric lite|boolean)/, 'boolean'],
    [/^(numeric|real|double)/, 'number'],
    [/^(text|char|varchar)/, 'text'],
    [/^json/, 'json'],
  ] as const
  const family = families.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'
  return {
    type: type.replace(' lite', ''),
    family,
    maxLength: maxLength === undefined ? null : Number(maxLength),
  }
}

const POSTGRES = { enforcesLengths: true }
const SQLITE = { enforcesLengths: false }

describe('compareSchemas', () => {
  type Columns = Readonly<Record<string, string>>
  const cases: readonly (readonly [name: string, from: Columns, to: Columns, string[]])[] = [
    ['equal columns', CHANNELS, CHANNELS, []],
    [
      'a configured column that the right side lacks',
      { ...CHANNELS, tag: 'text' },
      CHANNELS,
      ['column-missing channels.tag to error'],
    ],
    [
      'a configured column that the left side lacks',
      CHANNELS,
      { ...CHANNELS, tag: 'text' },
      ['column-missing channels.tag from error'],
    ],
    [
      'what a known fork adds',
      CHANNELS,
      { ...CHANNELS, channel_ratio: 'real' },
      ['column-missing channels.channel_ratio from warning'],
    ],
    [
      'what an unknown fork adds',
      { ...CHANNELS, of_a_fork: 'text' },
      CHANNELS,
      ['column-missing channels.of_a_fork to warning'],
    ],
    ['what the gateway keeps for itself', { ...CHANNELS, balance: 'numeric' }, CHANNELS, []],
    [
      'another family',
      { ...CHANNELS, models: 'bigint' },
      CHANNELS,
      ['type-family channels.models both error'],
    ],
    ['another width', { ...CHANNELS, type: 'int4' }, CHANNELS, []],
    ['JSON as text', { ...CHANNELS, models: 'json' }, CHANNELS, []],
    [
      'JSON as varchar',
      { ...CHANNELS, models: 'jsonb' },
      { ...CHANNELS, models: 'varchar(9)' },
      ['type-family channels.models both error'],
    ],
    [
      'a numeric that the catalog takes for a boolean',
      { ...CHANNELS, models: 'numeric lite' },
      { ...CHANNELS, models: 'double precision' },
      [],
    ],
    [
      'a boolean and a number',
      { ...CHANNELS, models: 'boolean' },
      { ...CHANNELS, models: 'numeric' },
      ['type-family channels.models both error'],
    ],
    [
      'a shorter limit',
      { ...CHANNELS, name: 'varchar(64)' },
      { ...CHANNELS, name: 'varchar(32)' },
      ['shorter-limit channels.name to warning'],
    ],
    ['a longer limit', { ...CHANNELS, name: 'varchar(32)' }, { ...CHANNELS, name: 'text' }, []],
    [
      'a limit where there was none',
      CHANNELS,
      { ...CHANNELS, name: 'varchar(32)' },
      ['shorter-limit channels.name to warning'],
    ],
  ]
  const asSide = (columns: Columns, flags = POSTGRES): SchemaSide => ({
    name: 'production',
    catalog: catalog({ channels: columns }),
    ...flags,
  })
  for (const [name, from, to, expected] of cases) {
    test(name, () => assert.deepEqual(short(asSide(from), asSide(to)), expected))
  }

  test('SQLite keeps no limit, and what it declares is not what its rows hold', () => {
    const [long, limited] = [
      { ...CHANNELS, name: 'varchar(64)' },
      { ...CHANNELS, name: 'varchar(32)' },
    ]
    assert.deepEqual(short(asSide(long), asSide(limited, SQLITE)), [])
    assert.deepEqual(short(asSide(CHANNELS, SQLITE), asSide(limited)), [])
    const [found] = compare(asSide(long, SQLITE), asSide(limited))
    assert.match(found!.message, /declares 64 characters, and enforces no limit/)
    assert.doesNotMatch(compare(asSide(long), asSide(limited))[0]!.message, /enforces/)
  })

  test('a table that one side lacks, and one that both lack', () => {
    const [none, one] = [catalog({}), catalog({ channels: CHANNELS })].map((made) => ({
      name: 'production',
      catalog: made,
      ...POSTGRES,
    }))
    assert.deepEqual(short(one!, none!), ['table-missing channels to error'])
    assert.deepEqual(short(none!, one!), ['table-missing channels from warning'])
    assert.deepEqual(short(none!, none!), [])
  })

  test('two versions of the gateway are said with what proves them', () => {
    const found = compare(side('sqlite', 'n25'), side('postgres', 'n26'))
    const { rule, table, message, severity } = found[0]!
    assert.deepEqual([rule, table, severity], ['gateway-version', 'users', 'warning'])
    assert.equal(
      message,
      'local is new-api since 2025-09-09 (it has channels.settings), production is new-api since 2026-04-26 (it has users.last_login_at)',
    )
    assert.ok(found.some((one) => one.column === 'cross_group_retry' && one.severity === 'error'))
    assert.ok(found.every((one) => one.column !== 'last_login_at'))
  })

  test('the columns of one-api mean something to one-api', () => {
    const found = short(side('sqlite', 'oa'), side('postgres', 'n26'), CORE_TABLES)
    assert.ok(found.includes('column-missing channels.system_prompt to error'))
    const upgraded = short(side('sqlite', 'upgraded-oa-n26'), side('postgres', 'n26'), CORE_TABLES)
    assert.deepEqual(upgraded, [])
  })
})
