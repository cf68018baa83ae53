import { type AccessCase, ADVICE, EVERYONE, statements } from './access-cases.ts'

export const MAIN_ROW = { table: 'tokens', row: '1', label: 'main' } as const

/** A list in quotes follows. */
export const LIMITS = 'update tokens set model_limits_enabled = true, model_limits ='

/** What limits a token to addresses and models. */
export const LIMIT_CASES: readonly AccessCase[] = [
  {
    name: 'T5: addresses and a range',
    sql: `update tokens set allow_ips = '203.0.113.7\n10.0.0.0/8'`,
    found: [
      {
        rule: 'T5',
        severity: 'warning',
        facts: { tokens: '1', ranges: '0' },
        evidence: [
          { ...MAIN_ROW, cells: [{ column: 'allow_ips', value: '203.0.113.7\n10.0.0.0/8' }] },
        ],
        repair: ADVICE,
      },
    ],
    answers: ['served'],
  },
  { name: 'no T5: blank lines', sql: `update tokens set allow_ips = ' \n '`, found: [] },
  {
    name: 'T6: one model is not in the list',
    sql: `${LIMITS} 'runway,it''s,pika'`,
    found: [
      {
        rule: 'T6',
        severity: 'error',
        facts: { tokens: '1', models: 'kling' },
        evidence: [{ ...MAIN_ROW, cells: [{ column: 'model_limits', value: `runway,it's,pika` }] }],
        repair: statements(
          `update tokens set model_limits = 'runway,it''s,pika,kling' where id = 1`,
        ),
      },
    ],
    answers: ['served', 403],
    left: [],
  },
  {
    name: 'T6: an empty list',
    sql: `${LIMITS} ''`,
    found: [
      {
        rule: 'T6',
        severity: 'error',
        facts: { tokens: '1', models: 'runway, pika, kling' },
        repair: statements(`update tokens set model_limits = 'runway,pika,kling' where id = 1`),
      },
    ],
    answers: [403],
    left: [],
  },
  {
    name: 'T6 informs in a run of all tokens, and changes none',
    sql: `${LIMITS} 'runway'`,
    scope: EVERYONE,
    found: [{ rule: 'T6', severity: 'info', repair: ADVICE, pairs: [] }],
  },
  { name: 'no T6: all in the list', sql: `${LIMITS} 'kling,pika,runway'`, found: [] },
  { name: 'no T6: the list is off', sql: `update tokens set model_limits = 'x, y'`, found: [] },
  {
    name: 'T7: a blank and an empty element',
    sql: `${LIMITS} 'runway,pika,kling, x,'`,
    found: [
      {
        rule: 'T7',
        severity: 'warning',
        facts: { tokens: '1' },
        evidence: [
          { ...MAIN_ROW, cells: [{ column: 'model_limits', value: 'runway,pika,kling, x,' }] },
        ],
        repair: statements(`update tokens set model_limits = 'runway,pika,kling,x' where id = 1`),
      },
    ],
    answers: ['served'],
    left: [],
  },
  {
    name: 'T7: a full-width comma',
    sql: `${LIMITS} 'runway,pika,kling,x，y'`,
    found: [{ rule: 'T7', severity: 'warning' }],
    left: [],
  },
  { name: 'no T7: a repeated element', sql: `${LIMITS} 'runway,pika,kling,pika'`, found: [] },
]
