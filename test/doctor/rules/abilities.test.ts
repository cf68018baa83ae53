import assert from 'node:assert/strict'
import { forEachGateway } from '../gateway.ts'
import { type Case, testCases } from './cases.ts'

const ALL = { scope: { models: [] } }

/** Also models without a price. */
const UNPRICED = `insert into options (key, value) values ('SelfUseModeEnabled', 'true');`

/** A second channel for the same models, with abilities of its own. */
const SECOND = `
  insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
  values (1, 'sk-test-channel-0002', 'second', 1, 'https://two.example', 'runway', 'default', 5, 10);
  insert into abilities ("group", model, channel_id, enabled, priority, weight)
  values ('default', 'runway', 2, true, 5, 10);`

const CASES: readonly Case[] = [
  { name: 'a healthy database', finds: [] },
  { name: 'a healthy database, all models', options: ALL, finds: [] },
  {
    name: 'A1: an enabled channel without the ability for a model',
    sql: `delete from abilities where model = 'pika'`,
    finds: { 'cache-off': ['error A1'], 'cache-on': ['warning A5'] },
    repair: 'doctor --fix A5',
    check: ({ rule, pairs, modes, evidence }) => {
      if (rule !== 'A1') return
      assert.deepEqual(pairs, [{ group: 'default', model: 'pika' }])
      assert.deepEqual(modes, ['cache-off'])
      assert.equal(evidence[0]?.row, '1')
    },
  },
  {
    name: 'A1: a model that no channel lists, where the cache is off',
    sql: UNPRICED,
    options: { scope: { models: ['suno'] } },
    finds: { 'cache-off': ['error A1'], 'cache-on': ['error C1'] },
    repair: null,
  },
  {
    name: 'A2: abilities without a priority',
    sql: `update abilities set priority = null where model = 'kling'`,
    finds: { 'cache-off': ['error A2'], 'cache-on': ['warning A5'] },
    check: ({ rule, repair }) =>
      assert.deepEqual(repair, {
        kind: 'command',
        command: `tidegate doctor --fix ${rule} --env test`,
      }),
  },
  {
    name: 'A3: an ability of a channel that was deleted, beside one that serves',
    sql: `insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', 'runway', 99, true, 5, 10)`,
    finds: { 'cache-off': ['error A3'], 'cache-on': [] },
    repair: 'doctor --fix A3',
    check: ({ evidence, facts }, { routes }) => {
      assert.deepEqual(facts, { channels: '99' })
      assert.equal(evidence[0]?.row, 'default/runway/99')
      assert.equal(routes.find(({ model }) => model === 'runway')?.outcome, 'weakened')
    },
  },
  {
    name: 'A3 and not A5: the same with all models',
    options: ALL,
    sql: `insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', 'runway', 99, true, 5, 10)`,
    finds: { 'cache-off': ['error A3'], 'cache-on': ['warning A5'] },
  },
  {
    name: 'A4: a channel disabled past the gateway, beside one that serves',
    sql: `${SECOND} update channels set status = 2 where id = 2`,
    finds: ['warning A4'],
    repair: 'doctor --fix A4',
    check: ({ facts, evidence }) => {
      assert.deepEqual(facts, { rows: '1' })
      assert.deepEqual(evidence[0]?.cells[0], { column: 'channels.status', value: '2' })
    },
  },
  {
    name: 'no A4: a channel disabled as the gateway does it',
    sql: `${SECOND} update channels set status = 2 where id = 2;
      update abilities set enabled = false where channel_id = 2`,
    finds: [],
  },
  {
    name: 'A5: another priority, a row too many and a row of no channel that no one asks for',
    options: ALL,
    sql: `${UNPRICED} ${SECOND}
      update channels set models = 'runway,suno' where id = 2;
      insert into abilities ("group", model, channel_id, enabled, priority, weight) values
        ('default', 'suno', 2, true, 4, 10), ('default', 'luma', 2, true, 5, 10),
        ('default', 'luma', 99, false, 5, 10)`,
    finds: ['warning A5'],
    repair: 'doctor --fix A5',
    check: ({ facts, evidence }) => {
      assert.deepEqual(facts, { missing: '0', different: '1', leftOver: '2' })
      assert.deepEqual(
        evidence.map(({ row, label }) => [row, label]),
        [
          ['*/*/2', 'second'],
          ['*/*/99', null],
        ],
      )
    },
  },
  {
    name: 'no A5: stale abilities of a channel that has none of the models asked for',
    sql: `${SECOND} delete from abilities where channel_id = 2;
      update channels set models = 'suno' where id = 2`,
    finds: [],
  },
  {
    name: 'A6: the row of the guide: padded lists and no abilities',
    sql: `delete from abilities;
      update channels set models = ',runway,pika,kling,', "group" = ',default,'`,
    finds: { 'cache-off': ['error C2'], 'cache-on': ['critical A6'] },
    check: ({ rule, facts, pairs, repair }) => {
      assert.deepEqual(repair, {
        kind: 'command',
        command: `tidegate doctor --fix ${rule} --env test`,
      })
      assert.equal(pairs.length, 3)
      if (rule === 'A6') assert.deepEqual(facts, { groups: '"", "default"' })
    },
  },
  {
    name: 'A6 alone: the same where both modes are looked at',
    options: { modes: ['cache-off', 'cache-on'] },
    sql: `delete from abilities;
      update channels set models = ',runway,pika,kling,', "group" = ',default,'`,
    finds: ['critical A6'],
    check: ({ explains }) => assert.deepEqual(explains, ['C2', 'A5', 'A1']),
  },
  {
    name: 'A6 beside A1, which has another cause',
    options: { modes: ['cache-off', 'cache-on'] },
    sql: `${SECOND} delete from abilities where channel_id = 2 or model = 'kling';
      update channels set models = 'suno', "group" = 'vip' where id = 2`,
    finds: ['critical A6', 'error A1'],
  },
  {
    name: 'A6: a channel of other models in a group of its own',
    sql: `${SECOND} delete from abilities where channel_id = 2;
      update channels set models = 'suno', "group" = 'vip' where id = 2`,
    finds: { 'cache-off': [], 'cache-on': ['critical A6'] },
    check: ({ evidence }, { verdict }) => {
      assert.deepEqual(
        evidence.map(({ row }) => row),
        ['2'],
      )
      assert.equal(verdict.unroutable, 3)
    },
  },
  {
    name: 'no A6: the same channel disabled',
    sql: `${SECOND} delete from abilities where channel_id = 2;
      update channels set models = 'suno', "group" = 'vip', status = 2 where id = 2`,
    finds: [],
  },
  {
    name: 'A7: the switch stored as text',
    dialect: 'sqlite',
    sql: `update abilities set enabled = 'true' where model = 'pika'`,
    finds: { 'cache-off': ['error A7'], 'cache-on': ['warning A7'] },
    repair: 'doctor --fix A7',
    check: ({ facts }) => assert.deepEqual(facts, { value: '"true"', rows: '1' }),
  },
]

forEachGateway('n25', (gateway) => testCases(gateway, CASES))
