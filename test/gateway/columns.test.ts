import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  COLUMN_ROLES,
  columnRule,
  type ColumnFamily,
  COMPARE_KINDS,
  type CompareKind,
  CORE_TABLES,
  GATEWAY_TABLES,
} from '../../src/gateway/columns.ts'
import { KNOWN_COLUMNS } from '../../src/gateway/known-columns.ts'
import { readDdls } from './ddl.ts'

const ddls = readDdls()
const columns = ddls.flatMap(({ file, tables }) =>
  [...tables].flatMap(([table, types]) =>
    [...types].map(([name, type]) => ({ file, table, name, type })),
  ),
)
const rules = Object.entries(KNOWN_COLUMNS).flatMap(([table, known]) =>
  Object.keys(known).map((name) => columnRule(table, name)),
)

/** What a PostgreSQL type can hold; the families are exact there. */
const KINDS: readonly (readonly [RegExp, readonly CompareKind[]])[] = [
  [/^(bigint|integer)/, ['integer']],
  [/^(numeric|real)/, ['number']],
  [/^boolean/, ['boolean']],
  [/^json/, ['json', 'channel-info']],
  [/^timestamp/, ['time']],
  [/^(text|character)/, ['text', 'csv-set', 'json', 'json-map', 'url']],
]

describe('the registry and the databases that gateways made', () => {
  it('reads all of their columns', () => assert.ok(columns.length > 1000, `${columns.length}`))

  it('knows every column', () => {
    const unknown = columns.filter(
      // No known column holds bytes, so the family shows through only for an unknown one.
      ({ table, name }) => columnRule(table, name, 'bytes').compare === 'bytes',
    )
    assert.deepEqual(unknown, [])
  })

  it('compares every column as its type allows', () => {
    for (const { file, table, name, type } of columns) {
      if (!file.startsWith('pg')) continue
      const [, kinds] = KINDS.find(([pattern]) => pattern.test(type))!
      const { compare } = columnRule(table, name)
      assert.ok(kinds.includes(compare), `${table}.${name} is ${type}, compared as ${compare}`)
    }
  })

  it('names no column that no database has, but for other tables’ secrets', () => {
    const seen = new Set(columns.map(({ table, name }) => `${table}.${name}`))
    const invented = rules
      .filter(({ table, name }) => !seen.has(`${table}.${name}`))
      .map(({ table, name }) => `${table}.${name}`)
    assert.deepEqual(invented, [
      'redemptions.key',
      'tasks.private_data',
      'two_fas.secret',
      'custom_oauth_providers.client_secret',
    ])
  })

  it('has the primary keys', () => {
    for (const { primaryKeys } of ddls) {
      for (const [table, key] of primaryKeys) {
        assert.deepEqual(GATEWAY_TABLES[table]?.primaryKey, key, table)
      }
    }
  })

  it('has the core tables in every version', () => {
    for (const { tables } of ddls) assert.ok(CORE_TABLES.every((table) => tables.has(table)))
  })
})

describe('every rule', () => {
  it('has a known kind and role', () => {
    for (const { compare, role } of rules) {
      assert.ok(COMPARE_KINDS.includes(compare))
      assert.ok(COLUMN_ROLES.includes(role))
    }
  })

  it('takes NULL for empty text, except a base URL', () => {
    const kinds = new Set(['text', 'csv-set', 'json', 'json-map', 'url', 'channel-info'])
    for (const { table, name, compare, emptyIsNull } of rules) {
      assert.equal(emptyIsNull, kinds.has(compare) && name !== 'base_url', `${table}.${name}`)
    }
  })

  it('compares a secret as text: it is a fingerprint', () => {
    for (const { role, compare } of rules) if (role === 'secret') assert.equal(compare, 'text')
  })

  it('makes the natural keys of identities, locators or fingerprints', () => {
    for (const [table, keys] of Object.entries(GATEWAY_TABLES)) {
      for (const name of keys!.naturalKey) {
        const { role } = columnRule(table, name, 'bytes')
        assert.ok(['identity', 'locator', 'secret'].includes(role), `${table}.${name}`)
      }
    }
  })

  it('is the same object each time', () => {
    assert.equal(columnRule('channels', 'models'), columnRule('channels', 'models', 'json'))
  })
})

describe('volatile columns', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    channels: [
      'created_time',
      'test_time',
      'response_time',
      'balance',
      'balance_updated_time',
      'used_quota',
      'other_info',
    ],
    abilities: [],
    options: [],
    tokens: ['created_time', 'accessed_time', 'remain_quota', 'used_quota', 'deleted_at'],
    users: [
      'quota',
      'used_quota',
      'request_count',
      'aff_count',
      'aff_quota',
      'aff_history',
      'deleted_at',
      'setting',
      'created_at',
      'last_login_at',
    ],
    models: ['created_time', 'updated_time', 'deleted_at'],
    setups: ['version', 'initialized_at'],
  }
  for (const [table, names] of Object.entries(expected)) {
    it(`of ${table}`, () => {
      const actual = rules.filter((rule) => rule.table === table && rule.role === 'volatile')
      assert.deepEqual(
        actual.map(({ name }) => name),
        names,
      )
    })
  }
})

describe('what the gateway writes for a channel that names nothing', () => {
  const expected: readonly (readonly [string, string | null | undefined])[] = [
    ['id', undefined],
    ['created_time', undefined],
    ['key', undefined],
    ['type', '0'],
    ['status', '1'],
    ['group', 'default'],
    ['base_url', ''],
    ['other', ''],
    ['other_info', ''],
    ['settings', ''],
    ['test_time', '0'],
    ['response_time', '0'],
    ['balance', '0'],
    ['balance_updated_time', '0'],
    ['used_quota', '0'],
    ['weight', '0'],
    ['priority', '0'],
    ['auto_ban', '1'],
    ['status_code_mapping', ''],
    ['tag', null],
    ['setting', null],
    ['remark', null],
    ['model_mapping', undefined],
    ['channel_ratio', undefined],
  ]
  for (const [column, value] of expected) {
    it(column, () => assert.equal(columnRule('channels', column).onCreate, value))
  }

  it('channel_info', () => {
    assert.deepEqual(JSON.parse(columnRule('channels', 'channel_info').onCreate!), {
      is_multi_key: false,
      multi_key_size: 0,
      multi_key_status_list: null,
      multi_key_polling_index: 0,
      multi_key_mode: '',
    })
  })

  it('leaves the fork’s columns of abilities to the database', () => {
    assert.equal(columnRule('abilities', 'workflow_price').onCreate, undefined)
    assert.equal(columnRule('abilities', 'channel_ratio').onCreate, undefined)
  })
})

describe('a column that only a fork has', () => {
  const cases: readonly (readonly [ColumnFamily | undefined, CompareKind, boolean])[] = [
    [undefined, 'text', true],
    ['other', 'text', true],
    ['text', 'text', true],
    ['json', 'json', true],
    ['integer', 'integer', false],
    ['number', 'number', false],
    ['boolean', 'boolean', false],
    ['time', 'time', false],
    ['bytes', 'bytes', false],
  ]
  for (const [family, compare, emptyIsNull] of cases) {
    it(`of family ${family}`, () => {
      assert.deepEqual(columnRule('channels', 'of_a_fork', family), {
        table: 'channels',
        name: 'of_a_fork',
        compare,
        role: 'config',
        emptyIsNull,
        onCreate: undefined,
      })
    })
  }

  it('may have any name', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      assert.equal(columnRule('channels', name).name, name)
      assert.equal(columnRule(name, 'id').role, 'config')
    }
  })
})
