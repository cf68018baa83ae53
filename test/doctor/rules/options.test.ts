import { forEachGateway, MODELS } from '../gateway.ts'
import { type AccessCase, ADVICE, testAccess } from './access-cases.ts'

function stored(key: string, value: string): string {
  return `delete from options where key = '${key}';
    insert into options (key, value) values ('${key}', '${value}');`
}

function o1(...keys: readonly string[]): AccessCase['found'][number] {
  return {
    rule: 'O1',
    severity: 'error',
    facts: { options: keys.join(', ') },
    evidence: keys.map((row) => ({ table: 'options', row, label: null, cells: [] })),
    repair: ADVICE,
  }
}

const VIP = `update tokens set "group" = 'vip';`

const AUTO = `update tokens set "group" = 'auto';
  ${stored('UserUsableGroups', '{"default":"","auto":""}')}`

forEachGateway('n26', (gateway) => {
  testAccess(gateway, [
    {
      name: 'O1: prices that nobody needs',
      sql: stored('CompletionRatio', '{"kling":1'),
      scope: {},
      found: [o1('CompletionRatio')],
      answers: ['served'],
    },
    {
      name: 'O1, not P1: prices',
      sql: stored('ModelPrice', 'kling=1'),
      found: [{ ...o1('ModelPrice'), pairs: MODELS.map((model) => ({ group: 'default', model })) }],
      answers: [400],
    },
    {
      name: 'O1, not G3: usable groups',
      sql: VIP + stored('UserUsableGroups', '["vip"]'),
      found: [o1('UserUsableGroups')],
      answers: [403],
    },
    {
      name: 'O1, not G4: ratios of groups',
      sql: VIP + stored('GroupRatio', ''),
      found: [o1('GroupRatio')],
      answers: [403],
    },
    {
      name: 'O1, not G5: groups of auto',
      sql: AUTO + stored('AutoGroups', '{"vip":1}'),
      found: [o1('AutoGroups')],
      answers: [503],
    },
    {
      name: 'O1: several options',
      sql: stored('ModelRatio', 'true') + stored('AutoGroups', '[1]'),
      found: [o1('ModelRatio', 'AutoGroups')],
      answers: ['served'],
    },
    {
      name: 'no O1: empty maps and lists',
      sql: stored('ModelRatio', '{}') + stored('AutoGroups', '[]'),
      found: [],
      answers: ['served'],
    },
  ])
})
