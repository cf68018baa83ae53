import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachGateway } from '../gateway.ts'
import {
  type AccessCase,
  ADVICE,
  EVERYONE,
  statements,
  testAccess,
  VARIABLES,
} from './access-cases.ts'
import { LIMIT_CASES, LIMITS, MAIN_ROW } from './token-limit-cases.ts'

const UNFINDABLE: readonly (readonly [string, string])[] = [
  ['with sk-', 'sk-test0001'],
  ['with a hyphen', 'test-0001'],
  ['after a blank', ' test0001'],
  ['of two characters', 'te'],
]

const CASES: readonly AccessCase[] = [
  { name: 'healthy, one token', sql: '', found: [], answers: ['served'] },
  { name: 'healthy, all tokens', sql: '', scope: EVERYONE, found: [], answers: ['served'] },
  ...UNFINDABLE.map(([form, key]): AccessCase => ({
    name: `T1: a key ${form}`,
    sql: `update tokens set key = '${key}'`,
    found: [
      {
        rule: 'T1',
        severity: 'error',
        facts: { tokens: '1' },
        evidence: [{ ...MAIN_ROW, cells: [] }],
        repair: ADVICE,
      },
    ],
    answers: [401],
  })),
  {
    name: 'T1 warns in a run of all tokens',
    sql: `update tokens set key = 'test-0001'`,
    scope: EVERYONE,
    found: [{ rule: 'T1', severity: 'warning', pairs: [] }],
  },
  { name: 'no T1: a short key', sql: `update tokens set key = 'test0001'`, found: [] },
  {
    name: 'T2: disabled',
    sql: 'update tokens set status = 2',
    found: [
      {
        rule: 'T2',
        severity: 'error',
        facts: { tokens: '1' },
        evidence: [{ ...MAIN_ROW, cells: [{ column: 'status', value: '2' }] }],
        repair: statements('update tokens set status = 1 where id = 1'),
      },
    ],
    answers: [401],
    left: [],
  },
  {
    name: 'no T2: disabled tokens are not asked about in a run of all',
    sql: 'update tokens set status = 2',
    scope: EVERYONE,
    found: [],
  },
  {
    name: 'T3: expired',
    sql: 'update tokens set expired_time = 1500000000',
    found: [
      {
        rule: 'T3',
        severity: 'error',
        facts: { tokens: '1' },
        evidence: [{ ...MAIN_ROW, cells: [{ column: 'expired_time', value: '1500000000' }] }],
        repair: statements('update tokens set expired_time = -1 where id = 1'),
      },
    ],
    answers: [401],
    left: [],
  },
  {
    name: 'T3: 0 is no time without end',
    sql: 'update tokens set expired_time = 0',
    found: [{ rule: 'T3', severity: 'error' }],
    answers: [401],
  },
  {
    name: 'T3 informs in a run of all tokens, and changes none',
    sql: 'update tokens set expired_time = 0',
    scope: EVERYONE,
    found: [{ rule: 'T3', severity: 'info', repair: ADVICE }],
  },
  {
    name: 'no T3: expires later',
    sql: 'update tokens set expired_time = 4102444800',
    found: [],
    answers: ['served'],
  },
  {
    name: 'T4: no quota left',
    sql: 'update tokens set unlimited_quota = false',
    found: [
      {
        rule: 'T4',
        severity: 'error',
        facts: { tokens: '1' },
        evidence: [
          {
            ...MAIN_ROW,
            cells: [
              { column: 'remain_quota', value: '0' },
              { column: 'unlimited_quota', value: 'false' },
            ],
          },
        ],
        repair: ADVICE,
      },
    ],
    answers: [401],
  },
  {
    name: 'T4 informs in a run of all tokens',
    sql: 'update tokens set unlimited_quota = false',
    scope: EVERYONE,
    found: [{ rule: 'T4', severity: 'info' }],
  },
  {
    name: 'no T4: some quota left',
    sql: 'update tokens set unlimited_quota = false, remain_quota = 1',
    found: [],
    answers: ['served'],
  },
]

forEachGateway('n26', (gateway) => {
  testAccess(gateway, [...CASES, ...LIMIT_CASES])

  test('many tokens are one finding with some examples', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => {
      const id = index + 2
      return `(${id}, 1, 'testMany${id}', 'many', 1, -1, true, 'default', true, 'runway,pika,kling,')`
    })
    await gateway.execute(`insert into tokens (id, user_id, key, name, status, expired_time,
      unlimited_quota, "group", model_limits_enabled, model_limits) values ${rows.join()}`)
    const { findings } = await gateway.examine({ scope: { token: 'many' } })
    const [finding] = findings.filter(({ rule }) => rule === 'T7')
    assert.equal(finding?.rows, 25)
    assert.deepEqual(finding?.facts, { tokens: '25' })
    assert.equal(finding?.evidence.length, 20)
    assert.equal(finding?.repair.kind === 'sql' && finding.repair.statements.length, 5)
  })

  test('what looks like a key is not shown, and not half of it stored', async () => {
    const secret = 'sk-test-0123456789abcdef'
    await gateway.execute(`${LIMITS} 'runway,pika, ${secret}', name = '${secret}'`)
    const { findings } = await gateway.examine({
      scope: { token: secret },
      variables: VARIABLES,
    })
    assert.deepEqual(
      findings.map(({ rule, repair }) => [rule, repair]),
      [
        ['T6', ADVICE],
        ['T7', ADVICE],
      ],
    )
    assert.ok(!JSON.stringify(findings).includes(secret))
  })
})

forEachGateway('n25', (gateway) => {
  testAccess(gateway, [
    {
      name: 'T5: ranges are ignored',
      sql: `update tokens set allow_ips = '203.0.113.7\n10.0.0.0/8'`,
      found: [{ rule: 'T5', severity: 'warning', facts: { tokens: '1', ranges: '1' } }],
    },
    {
      name: 'no T1: a key that the column pads',
      sql: `update tokens set key = 'test0001'`,
      found: [],
    },
  ])
})

forEachGateway('oa', (gateway) => {
  testAccess(gateway, [
    {
      name: 'T5: a subnet',
      sql: `update tokens set subnet = '10.0.0.0/8'`,
      found: [
        {
          rule: 'T5',
          severity: 'warning',
          facts: { tokens: '1', ranges: '0' },
          evidence: [{ ...MAIN_ROW, cells: [{ column: 'subnet', value: '10.0.0.0/8' }] }],
        },
      ],
    },
    {
      name: 'T6: a list without a switch',
      sql: `update tokens set models = 'runway,pika'`,
      found: [
        {
          rule: 'T6',
          severity: 'error',
          repair: statements(`update tokens set models = 'runway,pika,kling' where id = 1`),
        },
      ],
      answers: ['served', 403],
      left: [],
    },
    { name: 'no T6: no list', sql: `update tokens set models = ''`, found: [] },
  ])
})
