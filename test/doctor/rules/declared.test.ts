import assert from 'node:assert/strict'
import { placeholderFor } from '../../../src/gateway/placeholder.ts'
import { it } from 'node:test'
import { bltcySeeds, forEachGateway, type Gateway } from '../gateway.ts'
import { type Case, QUIET, repairOf, testCases } from './cases.ts'

const seeds = await bltcySeeds({ BLTCY_API_KEY: 'sk-test-channel-0001' })

const DECLARED = { scope: { models: [] }, seeds }

const CASES: readonly Case[] = [
  { name: 'as declared', finds: [] },
  {
    name: 'B1: no channel at all',
    sql: 'delete from channels; delete from abilities',
    finds: ['error B1'],
    repair: 'seed apply',
    check: ({ facts, pairs, rows }) => {
      assert.deepEqual(facts, { channels: 'Bltcy旧网关 (bltcy-channel)' })
      assert.equal(pairs.length, 3)
      assert.equal(rows, 1)
    },
  },
  {
    name: 'no B1: another model is asked for',
    sql: `delete from channels; delete from abilities;
      insert into options (key, value) values ('SelfUseModeEnabled', 'true')`,
    options: { scope: { models: ['suno'] }, seeds },
    finds: { 'cache-off': ['error A1'], 'cache-on': ['error C1'] },
  },
  {
    name: 'B2: disabled by an admin',
    sql: 'update channels set status = 2; update abilities set enabled = false',
    finds: ['error B2'],
    repair: 'seed apply',
    check: ({ facts, evidence, pairs }) => {
      assert.equal(facts['changes'], 'Bltcy旧网关 (bltcy-channel): status "2" → "1"')
      assert.deepEqual(evidence[0]?.cells, [{ column: 'status', value: '2' }])
      assert.equal(pairs.length, 3)
    },
  },
  {
    name: 'B2: a model is missing, and the key is another; no secret is shown',
    sql: `update channels set models = 'runway,pika', key = 'sk-test-channel-9999';
      delete from abilities where model = 'kling'`,
    finds: ['error B2'],
    check: ({ facts, pairs }) => {
      assert.match(facts['changes']!, /key "\[secret\]" → "\[secret\]"/)
      assert.match(facts['changes']!, /models "runway,pika" → "runway,pika,kling"/)
      assert.deepEqual(pairs, [{ group: 'default', model: 'kling' }])
    },
  },
  {
    name: 'C3 and not B2: the key is empty, and the seed knows it',
    sql: `update channels set key = ''`,
    finds: ['error C3'],
    repair: 'seed apply',
  },
  {
    name: 'C13 and not B2: the key is a placeholder, and the seed knows it',
    sql: `update channels set key = '${placeholderFor('channels', [])}'`,
    finds: ['error C13'],
    repair: 'seed apply',
  },
  {
    name: 'C4 and not B2: there is no base URL, and the seed knows it',
    sql: 'update channels set base_url = null',
    finds: ['error C4'],
    repair: 'seed apply',
  },
  {
    name: 'C7 and not B2: the gateway disabled it',
    sql: 'update channels set status = 3; update abilities set enabled = false',
    finds: ['error C7'],
    repair: 'doctor --fix C7',
  },
  {
    name: 'C3 beside B2: disabled and without a key',
    sql: `update channels set status = 2, key = ''; update abilities set enabled = false`,
    finds: ['error B2', 'error C3'],
  },
  {
    name: 'B2 is a warning where nothing depends on it',
    options: {
      seeds: await bltcySeeds({
        BLTCY_API_KEY: 'sk-test-channel-0001',
        BLTCY_CHANNEL_NAME: 'old gateway',
      }),
    },
    finds: ['warning B2'],
    repair: 'seed apply',
  },
  {
    name: 'the row of the guide',
    sql: `delete from abilities;
      update channels set models = ',runway,pika,kling,', "group" = ',default,'`,
    finds: { 'cache-off': ['error C2'], 'cache-on': ['critical A6'] },
  },
  {
    name: 'B3: the type number of the guide, which is Dify here',
    sql: 'update channels set type = 37',
    finds: ['error B3'],
    repair: 'seed apply --adopt bltcy-channel=1',
    check: ({ evidence, facts }) => {
      assert.deepEqual(facts, { channels: 'Bltcy旧网关 (bltcy-channel)' })
      assert.deepEqual(evidence[0]?.cells[0], { column: 'type', value: '37' })
    },
  },
  {
    name: 'B3 and not C2: the row of the guide with the type number of the guide',
    sql: `delete from abilities; update channels set type = 37, models = ',runway,pika,kling,',
      "group" = ',default,'`,
    finds: { 'cache-off': ['error B3'], 'cache-on': ['critical A6', 'error B3'] },
  },
  {
    name: 'B3: two rows of its type and name: a person has to say which',
    sql: `insert into channels (type, key, name, status, base_url, models, "group")
      values (55, 'sk-test-2', 'Bltcy旧网关', 2, 'https://two.example', 'runway', 'default');
      insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', 'runway', 2, false, 0, 0)`,
    finds: ['error B3'],
    repair: null,
    check: ({ evidence }) =>
      assert.deepEqual(
        evidence.map(({ row }) => row),
        ['1', '2'],
      ),
  },
]

forEachGateway('zeo', (gateway) => {
  testCases(
    gateway,
    CASES.map((one) => ({ ...one, options: { ...DECLARED, ...one.options } })),
  )
})

const MISFITS: readonly Case[] = [
  {
    name: 'C10: the number of the guide means Dify in upstream',
    sql: 'update channels set type = 37',
    finds: ['warning C10'],
    repair: null,
    check: ({ facts, evidence }) => {
      assert.deepEqual(facts, { types: '37 = Dify (BLTCY_CHANNEL_TYPE)' })
      assert.deepEqual(evidence[0]?.cells, [
        { column: 'type', value: '37' },
        { column: 'means', value: 'Dify' },
      ])
    },
  },
  {
    name: 'B3 and C10: the row has the number of the fork',
    sql: 'update channels set type = 55',
    finds: ['error B3', 'warning C10'],
    repair: 'seed apply --adopt bltcy-channel=1',
  },
]

forEachGateway('n25', (gateway) => {
  testCases(
    gateway,
    MISFITS.map((one) => ({ ...one, options: DECLARED })),
  )
})

const GUIDE_ROW = (type: number) => `delete from channels; delete from abilities;
  insert into channels (type, name, key, base_url, models, "group", status, priority, weight)
  values (${type}, 'Bltcy旧网关', 'sk-test-channel-0001', 'https://old-gateway.example',
    ',runway,pika,kling,', ',default,', 1, 5, 10);`

const INCIDENT = [
  {
    name: 'production lacks the row',
    sql: 'delete from channels; delete from abilities',
    first: 'B1',
    repair: 'seed apply',
  },
  { name: 'the INSERT of the guide', sql: GUIDE_ROW(55), first: 'A6', repair: 'doctor --fix A6' },
  { name: 'the same as type 37', sql: GUIDE_ROW(37), first: 'A6', repair: 'doctor --fix A6' },
  {
    name: 'the row has another type number',
    sql: 'update channels set type = 37',
    first: 'B3',
    repair: 'seed apply --adopt bltcy-channel=1',
  },
  {
    name: 'the gateway disabled the channel',
    sql: 'update channels set status = 3; update abilities set enabled = false',
    first: 'C7',
    repair: 'doctor --fix C7',
  },
] as const

/** What the incident's guide goes through; the first finding is the cause. */
forEachGateway('zeo', (gateway) => {
  for (const { name, sql, first, repair } of INCIDENT) {
    it(`incident: ${name}`, async () => {
      await gateway.execute(sql)
      assert.deepEqual(await firstFinding(gateway), [first, repair])
    })
  }
})

async function firstFinding(gateway: Gateway): Promise<unknown> {
  const { findings } = await gateway.examine({ ...DECLARED, variables: QUIET })
  return [findings[0]?.rule, findings[0] === undefined ? null : repairOf(findings[0])]
}
