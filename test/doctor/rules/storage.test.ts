import assert from 'node:assert/strict'
import { forEachGateway } from '../gateway.ts'
import { type Case, testCases } from './cases.ts'

const CASES: readonly Case[] = [
  {
    name: 'C5: channel_info stored as text',
    dialect: 'sqlite',
    sql: `update channels set channel_info = '{"is_multi_key":false}'`,
    finds: ['error C5'],
    check: ({ repair }) =>
      assert.deepEqual(repair, {
        kind: 'sql',
        statements: [
          'update channels set channel_info = case when json_valid(channel_info) then cast(channel_info as blob) end where id = 1',
        ],
      }),
  },
  {
    name: 'C5: an empty channel_info',
    dialect: 'sqlite',
    sql: `update channels set channel_info = ''`,
    finds: ['error C5'],
  },
  { name: 'no C5: NULL', sql: 'update channels set channel_info = null', finds: [] },
  {
    name: 'C11: a negative weight',
    sql: `update channels set weight = -1; update abilities set weight = -1`,
    finds: ['error C11'],
    repair: ['update channels set weight = 0 where id = 1'],
    check: ({ evidence }) =>
      assert.deepEqual(evidence[0]?.cells, [{ column: 'weight', value: '-1' }]),
  },
  {
    name: 'C11: text in a number column',
    dialect: 'sqlite',
    sql: `update channels set balance = 'sk-test-balance-1'`,
    finds: ['error C11'],
    repair: null,
    check: ({ evidence }) =>
      assert.deepEqual(evidence[0]?.cells, [{ column: 'balance', value: '[secret]' }]),
  },
  {
    name: 'C12: too long for PostgreSQL, and NUL',
    dialect: 'sqlite',
    sql: `update channels set remark = '${'远'.repeat(256)}', tag = cast(x'610062' as text),
      models = models || ',${'m'.repeat(256)}'; update abilities set tag = cast(x'610062' as text);
      insert into abilities values ('default', '${'m'.repeat(256)}', 1, true, 5, 10, cast(x'610062' as text))`,
    finds: ['warning C12'],
    repair: null,
    check: ({ evidence, rows }) => {
      const cells = evidence.flatMap((one) => one.cells)
      assert.ok(cells.some(({ column, value }) => column === 'remark' && value === '256 > 255'))
      assert.ok(cells.some(({ column, value }) => column === 'tag' && value?.startsWith('nul')))
      assert.ok(cells.some(({ column, value }) => column === 'models' && value === '256 > 255'))
      assert.equal(rows, 3)
    },
  },
  {
    name: 'no C12: as long as the column',
    sql: `update channels set remark = '${'远'.repeat(255)}'`,
    finds: [],
  },
  {
    name: 'S1: ids beyond the sequence',
    dialect: 'postgres',
    sql: `update channels set id = 9007199254740993; update abilities set channel_id = 9007199254740993`,
    finds: ['error S1'],
    repair: 'doctor --fix S1',
    check: ({ facts, evidence }) => {
      assert.deepEqual(facts, { tables: 'channels' })
      assert.deepEqual(evidence[0]?.cells, [
        { column: 'last_value', value: '1' },
        { column: 'max(id)', value: '9007199254740993' },
      ])
    },
  },
  {
    name: 'no S1: a sequence ahead',
    dialect: 'postgres',
    sql: `select setval('channels_id_seq', 9007199254740993)`,
    finds: [],
  },
]

forEachGateway('n25', (gateway) => testCases(gateway, CASES))
