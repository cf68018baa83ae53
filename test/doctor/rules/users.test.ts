import { forEachGateway } from '../gateway.ts'
import { type AccessCase, ADVICE, EVERYONE, statements, testAccess } from './access-cases.ts'

const ALICE_ROW = { table: 'users', row: '1', label: 'alice' }

const CASES: readonly AccessCase[] = [
  { name: 'healthy, by the user', sql: '', scope: { user: 'alice' }, found: [] },
  {
    name: 'U1: disabled',
    sql: 'update users set status = 2',
    found: [
      {
        rule: 'U1',
        severity: 'error',
        facts: { missing: '0', disabled: '1' },
        evidence: [{ ...ALICE_ROW, cells: [{ column: 'status', value: '2' }] }],
        repair: statements('update users set status = 1 where id = 1'),
      },
    ],
    answers: [403],
    left: [],
  },
  {
    name: 'U1: no such user',
    sql: 'update tokens set user_id = 99',
    found: [
      {
        rule: 'U1',
        severity: 'error',
        facts: { missing: '1', disabled: '0' },
        evidence: [
          {
            table: 'tokens',
            row: '1',
            label: 'main',
            cells: [{ column: 'user_id', value: '99' }],
          },
        ],
        repair: ADVICE,
      },
    ],
    answers: [500],
  },
  {
    name: 'U1: deleted',
    sql: `update users set deleted_at = '2026-01-02 03:04:05+00:00'`,
    found: [{ rule: 'U1', severity: 'error', facts: { missing: '1', disabled: '0' } }],
    answers: [500],
  },
  {
    name: 'U1 warns in a run of all tokens',
    sql: 'update users set status = 2',
    scope: EVERYONE,
    found: [{ rule: 'U1', severity: 'warning' }],
  },
  {
    name: 'U2: no quota left',
    sql: 'update users set quota = 0',
    scope: { user: 'alice' },
    found: [
      {
        rule: 'U2',
        severity: 'error',
        facts: { users: '1' },
        evidence: [{ ...ALICE_ROW, cells: [{ column: 'quota', value: '0' }] }],
        repair: ADVICE,
      },
    ],
  },
  {
    name: 'U2: NULL is nothing',
    sql: 'update users set quota = null',
    found: [{ rule: 'U2', severity: 'error' }],
  },
  {
    name: 'U2 informs in a run of all tokens',
    sql: 'update users set quota = -5',
    scope: EVERYONE,
    found: [{ rule: 'U2', severity: 'info' }],
  },
  { name: 'no U2: some quota left', sql: 'update users set quota = 1', found: [] },
]

forEachGateway('n26', (gateway) => testAccess(gateway, CASES))
