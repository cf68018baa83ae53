import type { Value } from '../seed/world.ts'
import type { Row } from './gateway-rows.ts'

type Cells = Readonly<Record<string, Value>>

/** Rows that both sides have, what is then done to one of them, and what must be found. */
export interface Difference {
  readonly rows: readonly Row[]
  /** Statements; `ID` is the id of the channel. */
  readonly change: string
  /** As `outline` writes them, with `SIDE` for the changed side. */
  readonly found: readonly string[]
}

/** A channel with the abilities that the gateway derives from it. */
function channel(id: number, name: string, cells: Cells = {}): Row[] {
  const all = { status: 1, models: 'm', group: 'default', priority: 0, weight: 0, ...cells }
  const { status, priority, weight, models } = all
  const ability = { group: 'default', enabled: status === 1, priority, weight, channel_id: id }
  return [
    ['channels', { id, type: 1, name, key: 'sk-test-channel', ...all }],
    ...models.split(',').map((model): Row => ['abilities', { ...ability, model }]),
  ]
}

let nextId = 1

function ofChannel(name: string, cells: Cells, change: string, found: readonly string[]) {
  const id = nextId++
  return { rows: channel(id, name, cells), change: change.replaceAll('ID', String(id)), found }
}

/** One column of a channel that says nothing about abilities. */
function ofColumn(name: string, column: string, values: readonly [Value, string]): Difference {
  const [before, after] = values
  const change = `update channels set ${column} = ${after} where id = ID`
  return ofChannel(name, { [column]: before }, change, [
    `changed different channels ${name}|1: ${column}`,
  ])
}

function ofOption(key: string, before: string, after: string, found: string | null): Difference {
  return {
    rows: [['options', { key, value: before }]],
    change: `update options set value = '${after}' where key = '${key}'`,
    found: found === null ? [] : [found],
  }
}

const VOLATILE = [
  'test_time',
  'response_time',
  'balance_updated_time',
  'used_quota',
  'created_time',
]

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'a cell': ofColumn('cell', 'remark', ['a', "'b'"]),
  'a number': ofColumn('ratio', 'channel_ratio', [1, '1.5']),
  'NULL for a text': ofColumn('null', 'test_model', ['a', 'null']),
  'an empty text for NULL': ofChannel(
    'empty',
    { test_model: null },
    "update channels set test_model = '' where id = ID",
    [],
  ),
  'an address with a slash at its end': ofChannel(
    'slash',
    { base_url: 'https://a.example' },
    "update channels set base_url = 'https://a.example/' where id = ID",
    [],
  ),
  'a key': ofColumn('key', 'key', ['sk-test-one', "'sk-test-two'"]),
  'a key that was emptied': ofColumn('emptied', 'key', ['sk-test-one', "''"]),
  'a secret column': ofColumn('setting', 'setting', ['{"a":"sk-test-3"}', `'{"a":"sk-test-4"}'`]),
  'a password in an address': ofColumn('url', 'base_url', [
    'https://u:sk-test-5@a.example',
    "'https://u:sk-test-6@a.example'",
  ]),
  'a key in a remark': ofColumn('remark', 'remark', [
    'with sk-test-embedded-1',
    "'with sk-test-embedded-2'",
  ]),
  'a token in settings': ofColumn('settings', 'settings', [
    '{"token":"made-up-1","b":1}',
    `'{"b":1,"token":"made-up-2"}'`,
  ]),
  'a member of a map': ofChannel(
    'mapping',
    { model_mapping: '{"a":"b","c":"d"}' },
    `update channels set model_mapping = '{"c":"e","a":"b","f":"g"}' where id = ID`,
    ['changed different channels mapping|1: model_mapping.c model_mapping.f'],
  ),
  'a status that the gateway sets': ofChannel(
    'runtime',
    {},
    'update channels set status = 3 where id = ID; update abilities set enabled = false where channel_id = ID',
    ['changed runtime channels runtime|1: status'],
  ),
  'a status that a person sets': ofChannel(
    'disabled',
    {},
    'update channels set status = 2 where id = ID; update abilities set enabled = false where channel_id = ID',
    ['changed different channels disabled|1: status'],
  ),
  'what a running gateway writes': ofChannel(
    'volatile',
    {},
    `update channels set ${VOLATILE.map((name) => `${name} = 77`).join(', ')}, balance = 7.5,
      other_info = '{"status_reason":"x"}' where id = ID`,
    [],
  ),
  'a priority with its abilities': ofChannel(
    'priority',
    {},
    'update channels set priority = 9 where id = ID; update abilities set priority = 9 where channel_id = ID',
    ['changed different channels priority|1: priority'],
  ),
  'a padded list': ofChannel(
    'padded',
    { models: 'm,n' },
    "update channels set models = 'm, n' where id = ID",
    [
      'changed different channels padded|1: models',
      'abilities integrity abilities padded|1 of SIDE',
    ],
  ),
  'a list in another order': ofChannel(
    'order',
    { models: 'm,n' },
    "update channels set models = 'n,m' where id = ID",
    [],
  ),
  'a channel that is gone': ofChannel(
    'gone',
    {},
    'delete from channels where id = ID; delete from abilities where channel_id = ID',
    ['ONLY-OTHER different channels gone|1'],
  ),
  'a channel twice': ofChannel(
    'twice',
    {},
    `insert into channels (id, type, name, "key", status, models, "group")
      values (1ID, 1, 'twice', 'sk-test-x', 1, 'm', 'default');
      insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', 'm', 1ID, true, 0, 0)`,
    ['duplicate integrity channels twice|1 of SIDE'],
  ),
  'an ability that is missing': ofChannel(
    'missing',
    {},
    'delete from abilities where channel_id = ID',
    ['abilities integrity abilities missing|1 of SIDE'],
  ),
  'abilities that are too many': ofChannel(
    'many',
    {},
    `insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', 'x', ID, true, 0, 0), ('vip', 'x', ID, true, 0, 0)`,
    ['abilities integrity abilities many|1 of SIDE'],
  ),
  'an ability that is disabled': ofChannel(
    'enabled',
    {},
    'update abilities set enabled = false where channel_id = ID',
    ['abilities integrity abilities enabled|1 of SIDE'],
  ),
  'an ability of another priority': ofChannel(
    'ranked',
    { models: 'm,n' },
    'update abilities set priority = 8 where channel_id = ID',
    ['abilities integrity abilities ranked|1 of SIDE'],
  ),
  'abilities of no channel': {
    rows: [],
    change: `insert into abilities ("group", model, channel_id, enabled)
      values ('default', 'a', 9999, true), ('default', 'b', 9999, true)`,
    found: ['abilities integrity abilities 9999 of SIDE'],
  },
  "the fork's price of an ability": ofChannel(
    'price',
    {},
    'update abilities set workflow_price = 7 where channel_id = ID',
    ['changed different abilities price|1|default|m: workflow_price'],
  ),
  'an option': ofOption('Footer', 'a', 'b', 'changed different options Footer: value'),
  'an option in other words': ofOption('GroupRatio', '{"a":1,"b":2}', '{"b": 2.0, "a": 1}', null),
  'a member of an option': ofOption(
    'ModelRatio',
    '{"a":1,"b":2}',
    '{"b":3,"a":1}',
    'changed different options ModelRatio: value.b',
  ),
  'a secret option': ofOption(
    'SMTPToken',
    'sk-test-7',
    'sk-test-8',
    'changed different options SMTPToken: value',
  ),
  'an option of the installation': ofOption(
    'ServerAddress',
    'https://a.example',
    'https://b.example',
    'changed environment options ServerAddress: value',
  ),
  'a group of a user': {
    rows: [['users', { id: 1, username: 'ann', password: 'x', aff_code: 'a', group: 'default' }]],
    change: `update users set "group" = 'vip', quota = 9, password = 'y' where id = 1`,
    found: ['changed different users ann: group'],
  },
  'the limits of a token': {
    rows: [['tokens', { id: 1, user_id: 1, key: 'sktestt1', name: 'limited', model_limits: 'a' }]],
    change: `update tokens set model_limits = 'a,b', remain_quota = 3 where id = 1`,
    found: ['changed different tokens ann|limited: model_limits'],
  },
  'the key of a token': {
    rows: [['tokens', { id: 2, user_id: 1, key: 'sktestt2', name: 'keyed' }]],
    change: `update tokens set "key" = 'sktestt3' where id = 2`,
    found: ['changed different tokens ann|keyed: key'],
  },
  'a model of another vendor': {
    rows: [
      ['vendors', { id: 1, name: 'one' }],
      ['vendors', { id: 2, name: 'two' }],
      ['models', { id: 1, model_name: 'sold', vendor_id: 1 }],
    ],
    change: 'update models set vendor_id = 2 where id = 1',
    found: ['changed different models sold: vendor'],
  },
  'a model that is deleted softly': {
    rows: [['models', { id: 2, model_name: 'deleted', description: 'd' }]],
    change: `update models set deleted_at = '2026-01-31 12:00:00+00:00' where id = 2`,
    found: ['ONLY-OTHER different models deleted'],
  },
  'items of a prefill group': {
    rows: [['prefill_groups', { id: 1, name: 'items', type: 'model', items: '["a"]' }]],
    change: `update prefill_groups set items = '["a","b"]' where id = 1`,
    found: ['changed different prefill_groups items: items'],
  },
}
