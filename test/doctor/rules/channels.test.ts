import assert from 'node:assert/strict'
import { placeholderFor } from '../../../src/gateway/placeholder.ts'
import { forEachGateway } from '../gateway.ts'
import { type Case, testCases } from './cases.ts'

const PLACEHOLDER = placeholderFor('channels', ['second', '1'])

const ALL = { scope: { models: [] } }

/** A second channel for one of the models, with its ability. */
const SECOND = `
  insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
  values (1, 'sk-test-channel-0002', 'second', 1, 'https://two.example', 'runway', 'default', 5, 10);
  insert into abilities ("group", model, channel_id, enabled, priority, weight)
  values ('default', 'runway', 2, true, 5, 10);`

/** A second channel that no request reaches. */
const DISABLED = `${SECOND} update channels set status = 2 where id = 2;
  update abilities set enabled = false where channel_id = 2;`

const UNPRICED = `insert into options (key, value) values ('SelfUseModeEnabled', 'true');`

const CASES: readonly Case[] = [
  {
    name: 'C1 alone where both modes find nothing',
    sql: UNPRICED,
    options: { scope: { models: ['suno'] }, modes: ['cache-off', 'cache-on'] },
    finds: ['error C1'],
    repair: null,
    check: ({ modes, explains, evidence }) => {
      assert.deepEqual(modes, ['cache-off', 'cache-on'])
      assert.deepEqual(explains, ['A1'])
      assert.deepEqual(evidence, [])
    },
  },
  {
    name: 'C1: the only channel was disabled by an admin',
    sql: `update channels set status = 2; update abilities set enabled = false`,
    finds: { 'cache-off': ['error A1'], 'cache-on': ['error C1'] },
    repair: null,
    check: ({ evidence, pairs }) => {
      assert.deepEqual(evidence[0]?.cells[0], { column: 'status', value: '2' })
      assert.equal(pairs.length, 3)
    },
  },
  {
    name: 'C1 of one group: the channel is in another',
    options: { scope: { group: 'vip' } },
    finds: { 'cache-off': ['error A1'], 'cache-on': ['error C1'] },
  },
  {
    name: 'C2: a blank after a comma, with the abilities that the gateway makes of it',
    sql: `update channels set models = 'runway, pika,kling';
      update abilities set model = ' pika' where model = 'pika'`,
    finds: ['error C2'],
    repair: 'doctor --fix C2',
    check: ({ pairs, facts }) => {
      assert.deepEqual(pairs, [{ group: 'default', model: 'pika' }])
      assert.deepEqual(facts, { count: '1' })
    },
  },
  {
    name: 'C2: a full-width comma',
    sql: `update channels set models = 'runway，pika,kling';
      delete from abilities where model = 'pika';
      update abilities set model = 'runway，pika' where model = 'runway'`,
    finds: ['error C2'],
  },
  {
    name: 'no C2: the padding of a channel that is disabled',
    sql: `${DISABLED} update channels set models = 'runway ' where id = 2;
      update abilities set model = 'runway ' where channel_id = 2`,
    finds: [],
  },
  {
    name: 'C7 and nothing else: the gateway disabled the only channel',
    sql: `update channels set status = 3, other_info =
        '{"status_reason":"401 for key sk-test-channel-0001","status_time":1790000000}';
      update abilities set enabled = false`,
    finds: ['error C7'],
    repair: 'doctor --fix C7',
    check: ({ evidence, pairs }) => {
      assert.deepEqual(evidence[0]?.cells, [
        { column: 'status', value: '3' },
        { column: 'other_info.status_reason', value: '401 for key [secret]' },
        { column: 'other_info.status_time', value: '2026-09-21T14:13:20.000Z' },
      ])
      assert.equal(pairs.length, 3)
    },
  },
  {
    name: 'C7 is a warning where another channel serves',
    sql: `${SECOND} update channels set status = 3 where id = 2;
      update abilities set enabled = false where channel_id = 2`,
    finds: ['warning C7'],
    check: ({ pairs }) => assert.deepEqual(pairs, []),
  },
  {
    name: 'C8: weight 0 beside a weight',
    sql: `${SECOND} update channels set weight = 0 where id = 2;
      update abilities set weight = 0 where channel_id = 2`,
    finds: { 'cache-off': [], 'cache-on': ['warning C8'] },
    repair: null,
    check: ({ evidence, pairs }) => {
      assert.equal(evidence[0]?.row, '2')
      assert.deepEqual(pairs, [{ group: 'default', model: 'runway' }])
    },
  },
  {
    name: 'no C8: every weight is 0',
    sql: `${SECOND} update channels set weight = 0; update abilities set weight = 0`,
    finds: [],
  },
  {
    name: 'C9 is information: a reserve is a normal set-up',
    options: ALL,
    sql: `${SECOND} update channels set priority = 1 where id = 2;
      update abilities set priority = 1 where channel_id = 2`,
    finds: ['info C9'],
  },
  {
    name: 'C9 is a warning for one who asks about these models',
    sql: `${SECOND} update channels set priority = 1 where id = 2;
      update abilities set priority = 1 where channel_id = 2`,
    finds: ['warning C9'],
    check: ({ evidence }) =>
      assert.deepEqual(evidence[0]?.cells, [{ column: 'priority', value: '1' }]),
  },
  {
    name: 'C3: the key is empty',
    sql: `update channels set key = ''`,
    finds: ['error C3'],
    repair: null,
    check: ({ evidence }, { routes }) => {
      assert.deepEqual(evidence[0]?.cells, [{ column: 'key', value: 'empty' }])
      assert.equal(routes[0]?.status, 500)
    },
  },
  {
    name: 'no C3: a disabled channel',
    sql: `${DISABLED} update channels set key = '' where id = 2`,
    finds: [],
  },
  {
    name: 'C13: the key is a placeholder, and only that',
    sql: `${SECOND} update channels set key = '${PLACEHOLDER}', name = 'it''s "A"/b=c' where id = 2`,
    finds: ['error C13'],
    repair: `pull --to test --secret 'channels/it'\\''s "A"/b=c=env:CHANNEL_2_KEY'`,
    check: ({ evidence, rows }, { routes }) => {
      assert.equal(rows, 1)
      assert.deepEqual(
        evidence.map(({ row, cells }) => [row, cells]),
        [['2', [{ column: 'key', value: 'placeholder' }]]],
      )
      const { tiers, outcome } = routes.find(({ model }) => model === 'runway')!
      const faults = tiers[0]!.channels.map(({ id, fault }) => [id, fault])
      assert.deepEqual(Object.fromEntries(faults), { 1: null, 2: 'C13' })
      assert.equal(outcome, 'weakened')
    },
  },
  {
    name: 'C13: every channel has one, and the requests are refused',
    sql: `update channels set key = '${PLACEHOLDER}', name = ''`,
    options: { environment: 'production' },
    finds: ['error C13'],
    repair: null,
    check: (_, { routes }) => {
      assert.deepEqual([routes[0]?.outcome, routes[0]?.rule], ['refused', 'C13'])
    },
  },
  {
    name: 'C13 in production: pull reads from there',
    sql: `update channels set key = '${PLACEHOLDER}'`,
    options: { environment: 'production' },
    finds: ['error C13'],
    repair: `push --to production --secret 'channels/Bltcy旧网关=env:CHANNEL_1_KEY'`,
  },
  {
    name: 'no C13: a disabled channel, and a key that only holds the words',
    sql: `${DISABLED} update channels set key = '${PLACEHOLDER}' where id = 2;
      update channels set key = 'sk-test ${PLACEHOLDER}' where id = 1`,
    finds: [],
  },
  { name: 'C4: base_url is NULL', sql: 'update channels set base_url = null', finds: ['error C4'] },
  {
    name: 'C4: base_url is empty and the type has no built-in one',
    sql: `update channels set base_url = '', type = 3`,
    finds: ['error C4'],
    check: ({ evidence }) =>
      assert.deepEqual(evidence[0]?.cells, [
        { column: 'type', value: '3' },
        { column: 'base_url', value: '' },
      ]),
  },
  {
    name: 'no C4: the built-in URL of the type',
    sql: `update channels set base_url = ''`,
    finds: [],
  },
  {
    name: 'C6: settings that are no JSON; the values stay where they are',
    sql: `update channels set model_mapping = '{"runway"', header_override = 'Bearer sk-test-1'`,
    finds: ['warning C6'],
    check: ({ evidence }) =>
      assert.deepEqual(evidence[0]?.cells, [
        { column: 'model_mapping', value: '…' },
        { column: 'header_override', value: '…' },
      ]),
  },
  {
    name: 'no C6: empty settings',
    sql: `update channels set model_mapping = '', setting = '{}', settings = null`,
    finds: [],
  },
  {
    name: 'C10: a number that no version knows',
    sql: 'update channels set type = 999',
    finds: ['error C10'],
    repair: null,
    check: ({ facts }) => assert.deepEqual(facts, { types: '999 = ?' }),
  },
  {
    name: 'no C10: an unknown number of a disabled channel',
    sql: `${DISABLED} update channels set type = 999 where id = 2`,
    finds: [],
  },
]

forEachGateway('n25', (gateway) => testCases(gateway, CASES))

const KEYS_OFF = `'{"is_multi_key":true,"multi_key_size":2,"multi_key_status_list":{"0":2,"1":2}}'`

const OFF = (sql: string, finds: Case['finds']): Case => ({
  name: `all keys of a channel are switched off: ${JSON.stringify(finds)}`,
  sql,
  finds,
})

const setInfo = (dialect: string) =>
  `update channels set channel_info = ${dialect === 'sqlite' ? `cast(${KEYS_OFF} as blob)` : KEYS_OFF}`

for (const [fixture, finds] of [
  ['n25', []],
  ['n26', ['error C3']],
] as const) {
  forEachGateway(fixture, (gateway) => testCases(gateway, [OFF(setInfo(gateway.dialect), finds)]))
}
