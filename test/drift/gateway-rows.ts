import type { Catalog, DialectName } from '../../src/database/contract.ts'
import { insertText, type Value } from '../seed/world.ts'

/** One logical gateway, as either dialect holds it. */

export type Row = readonly [table: string, cells: Readonly<Record<string, Value>>]

const INFO =
  '{"is_multi_key":false,"multi_key_size":0,"multi_key_status_list":null,"multi_key_polling_index":0,"multi_key_mode":""}'

/** In the order in which neither bytes, nor UTF-16, nor a collation sorts them. */
const NAMES = ['ﬀ', '😀', 'Zz', 'a', 'é', 'a|b', 'a', 'a\tb', 'a\\b', 'a\nb', '', 'NULL', '\\N']

const TOKEN_KEY = 'sktest0123456789'

/** Ids are the installation's own, so they begin elsewhere on each side. */
export function gatewayRows(dialect: DialectName): Row[] {
  const isSqlite = dialect === 'sqlite'
  const first = isSqlite ? 1 : 100
  // The gateway writes bytes here, which SQLite keeps as such.
  const info = isSqlite ? Buffer.from(INFO) : INFO
  const settings = isSqlite
    ? '{"b": [1, 2], "a": 9007199254740993}'
    : '{"a":9007199254740993,"b":[1,2]}'
  const items = isSqlite ? Buffer.from('["gpt-4o", "o3"]') : '["gpt-4o","o3"]'
  const channels = NAMES.map((name, index): Row => [
    'channels',
    {
      id: first + index,
      // Two of one name are told apart by their type.
      type: index,
      name,
      key: `sk-test-${index}`,
      status: 2,
      models: 'm',
      group: 'default',
      channel_info: index % 2 === 0 ? info : null,
      settings: index === 0 ? settings : null,
    },
  ])
  const abilities = NAMES.map((_, index): Row => [
    'abilities',
    { group: 'default', model: 'm', channel_id: first + index, enabled: false },
  ])
  return [
    ...channels,
    ...abilities,
    [
      'channels',
      {
        id: first + 50,
        type: 1,
        name: 'with abilities',
        key: 'sk-test-x',
        status: 1,
        models: 'gpt-4o,o3',
        group: 'default,vip',
        priority: 7,
        weight: 3,
        tag: 't',
        channel_ratio: 0.1,
      },
    ],
    ...['default', 'vip'].flatMap((group) =>
      ['gpt-4o', 'o3'].map((model): Row => [
        'abilities',
        { group, model, channel_id: first + 50, enabled: true, priority: 7, weight: 3, tag: 't' },
      ]),
    ),
    [
      'options',
      { key: 'ModelRatio', value: isSqlite ? '{"b": 1.50, "a": 1e2}' : '{"a":100,"b":1.5}' },
    ],
    ['options', { key: 'Footer', value: 'tab\tback\\slash\r\nline' }],
    ['options', { key: 'SMTPToken', value: 'sk-test-option' }],
    ['users', { id: first + 1, username: 'ann', password: 'x', aff_code: 'a', group: 'vip' }],
    [
      'users',
      { id: first + 2, username: '😀', password: 'y', aff_code: 'b', access_token: 'sktest' },
    ],
    [
      'tokens',
      { id: first + 1, user_id: first + 1, key: TOKEN_KEY, name: 't', unlimited_quota: true },
    ],
    [
      'tokens',
      {
        id: first + 2,
        user_id: first + 2,
        key: `${TOKEN_KEY}b`,
        name: 't',
        unlimited_quota: false,
      },
    ],
    ['vendors', { id: first + 3, name: 'openai', icon: 'x' }],
    ['models', { id: first + 4, model_name: 'gpt-4o', vendor_id: first + 3, tags: 'a,b' }],
    ['models', { id: first + 5, model_name: 'ﬀ', vendor_id: 0 }],
    ['prefill_groups', { id: first + 6, name: 'all', type: 'model', items }],
    ...deletedRows(first, dialect),
  ]
}

/** Deleted softly, and only there: on the other side they never were. */
function deletedRows(first: number, dialect: DialectName): Row[] {
  const deleted_at = '2026-01-31 12:00:00+00:00'
  const name = `deleted ${dialect}`
  const [id, user_id] = [first + 60, first + 1]
  return [
    ['users', { id, username: name, password: 'x', aff_code: 'd', deleted_at }],
    ['tokens', { id, user_id, key: 'sktestdeleted', name, deleted_at }],
    ['models', { id, model_name: name, deleted_at }],
    ['models', { id: id + 1, model_name: 'gpt-4o', description: 'older', deleted_at }],
    ['vendors', { id, name, deleted_at }],
    ['prefill_groups', { id, name: 'all', type: 'endpoint', items: '{}', deleted_at }],
  ]
}

/** What a gateway with these tables and columns can hold of it. */
export function insertedText(dialect: DialectName, catalog: Catalog, rows: readonly Row[]): string {
  const texts = rows
    .filter(([table, cells]) => {
      const columns = catalog.get(table)
      return columns !== undefined && (!('deleted_at' in cells) || columns.has('deleted_at'))
    })
    .map(([table, cells]) => {
      const known = Object.entries(cells).filter(([name]) => catalog.get(table)!.has(name))
      return insertText(dialect, table, Object.fromEntries(known))
    })
  return `begin; ${texts.join('\n')} commit;`
}
