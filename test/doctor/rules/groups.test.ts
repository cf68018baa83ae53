import { forEachGateway } from '../gateway.ts'
import { type AccessCase, ADVICE, EVERYONE, statements, testAccess } from './access-cases.ts'
import { AUTO, AUTO_CASES, groupsOf, option } from './auto-group-cases.ts'

const SPECIAL = 'group_ratio_setting.group_special_usable_group'

const TEAM = `update users set "group" = 'team'; update channels set "group" = 'team';
  update abilities set "group" = 'team';`

const FALLBACK = statements(`update tokens set "group" = '' where id = 1`)

const G1: AccessCase['found'][number] = { rule: 'G1', severity: 'info' }

const FALLBACK_CASES: readonly AccessCase[] = [
  {
    name: 'G1: an empty token group',
    sql: `update tokens set "group" = ''`,
    found: [
      {
        ...G1,
        facts: { tokens: '1', groups: 'default' },
        evidence: groupsOf('', 'default'),
        repair: ADVICE,
      },
    ],
    answers: ['served'],
  },
  {
    name: 'G1: NULL, in a run of all tokens',
    sql: 'update tokens set "group" = null',
    scope: EVERYONE,
    found: [G1],
    answers: ['served'],
  },
  {
    name: 'no G1: the run says the group',
    sql: `update tokens set "group" = ''`,
    scope: { token: 'main', group: 'default' },
    found: [],
    answers: ['served'],
  },
  ...[`''`, 'null'].map((group): AccessCase => ({
    name: `G2: no group at all, the user's is ${group}`,
    sql: `update tokens set "group" = ''; update users set "group" = ${group}`,
    found: [
      {
        rule: 'G2',
        severity: 'error',
        facts: { users: '1' },
        repair: statements(`update users set "group" = 'default' where id = 1`),
      },
    ],
    answers: [503],
    left: ['G1'],
  })),
  {
    name: 'G2 warns in a run of all tokens',
    sql: `update tokens set "group" = ''; update users set "group" = ''`,
    scope: EVERYONE,
    found: [{ rule: 'G2', severity: 'warning' }],
  },
  {
    name: 'no G2: the token has a group',
    sql: `update users set "group" = ''`,
    found: [],
    answers: ['served'],
  },
  {
    name: 'G6: the group of the user has no ratio',
    sql: `${TEAM} update tokens set "group" = ''`,
    found: [
      {
        rule: 'G6',
        severity: 'warning',
        facts: { groups: 'team' },
        evidence: [
          { table: 'users', row: '1', label: 'alice', cells: [{ column: 'group', value: 'team' }] },
        ],
        repair: ADVICE,
      },
      G1,
    ],
    answers: ['served'],
  },
  {
    name: 'no G6: the group is not in use',
    sql: `update users set "group" = 'team'`,
    found: [],
    answers: ['served'],
  },
]

const TOKEN_GROUP_CASES: readonly AccessCase[] = [
  {
    name: 'G3: not among the usable groups',
    sql: `${option('UserUsableGroups', { default: '' })} update tokens set "group" = 'vip'`,
    found: [
      {
        rule: 'G3',
        severity: 'error',
        facts: { tokens: '1', groups: 'vip' },
        evidence: groupsOf('vip', 'default'),
        repair: FALLBACK,
      },
    ],
    answers: [403],
    left: ['G1'],
  },
  {
    name: 'G3: taken away from users of this group',
    sql: `${option(SPECIAL, { default: { '-:vip': '' } })} update tokens set "group" = 'vip'`,
    found: [{ rule: 'G3', severity: 'error' }],
    answers: [403],
  },
  {
    name: 'G3: the group that the run says',
    sql: option('UserUsableGroups', { default: '' }),
    scope: { token: 'main', group: 'vip' },
    found: [
      { rule: 'G3', severity: 'error', facts: { tokens: '1', groups: 'vip' }, repair: ADVICE },
    ],
    answers: [403],
  },
  {
    name: 'G3 warns in a run of all tokens',
    sql: `${option('UserUsableGroups', { default: '' })} update tokens set "group" = 'vip'`,
    scope: EVERYONE,
    found: [{ rule: 'G3', severity: 'warning' }],
  },
  {
    name: 'no G3: the own group of the user',
    sql: `${option('UserUsableGroups', { vip: '' })} update tokens set "group" = 'default'`,
    found: [],
    answers: ['served'],
  },
  {
    name: 'G4: no ratio',
    sql: `${option('GroupRatio', { default: 1 })} update tokens set "group" = 'vip'`,
    found: [
      {
        rule: 'G4',
        severity: 'error',
        facts: { tokens: '1', groups: 'vip' },
        evidence: groupsOf('vip', 'default'),
        repair: FALLBACK,
      },
    ],
    answers: [403],
    left: ['G1'],
  },
  {
    name: 'G4 warns in a run of all tokens',
    sql: `${option('GroupRatio', { default: 1 })} update tokens set "group" = 'vip'`,
    scope: EVERYONE,
    found: [{ rule: 'G4', severity: 'warning' }],
  },
  {
    name: 'G3 and G4: a blank before the name',
    sql: `update tokens set "group" = ' default'`,
    found: [
      { rule: 'G3', severity: 'error' },
      { rule: 'G4', severity: 'error' },
    ],
    answers: [403],
  },
  {
    name: 'no G4: the built-in ratios',
    sql: `delete from options where key = 'GroupRatio'`,
    found: [],
    answers: ['served'],
  },
  {
    name: 'no G4: auto needs no ratio',
    sql: `${AUTO} ${option('AutoGroups', ['vip', 'default'])}`,
    found: [],
    answers: ['served'],
  },
]

forEachGateway('n26', (gateway) => {
  testAccess(gateway, [...FALLBACK_CASES, ...TOKEN_GROUP_CASES, ...AUTO_CASES])
})

forEachGateway('oa', (gateway) => {
  testAccess(gateway, [
    { name: 'no G1: tokens have no groups', sql: '', found: [], answers: ['served'] },
    {
      name: 'G2: the user has no group',
      sql: `update users set "group" = ''`,
      found: [{ rule: 'G2', severity: 'error' }],
      answers: [503],
      left: [],
    },
    {
      name: 'G6: the group of the user has no ratio',
      sql: TEAM,
      found: [{ rule: 'G6', severity: 'warning' }],
      answers: ['served'],
    },
  ])
})
