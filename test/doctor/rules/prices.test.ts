import type { Evidence } from '../../../src/doctor/diagnosis.ts'
import { forEachGateway } from '../gateway.ts'
import { type AccessCase, ADVICE, EVERYONE, testAccess } from './access-cases.ts'

const NO_KLING = `update options set value = '{"runway":0.1,"pika":0}' where key = 'ModelPrice';`

function lack(row: string): Evidence {
  return { table: 'options', row, label: null, cells: [{ column: 'value.kling', value: null }] }
}

const P1: AccessCase['found'][number] = {
  rule: 'P1',
  severity: 'error',
  facts: { status: '400', models: 'kling' },
  evidence: [lack('ModelPrice'), lack('ModelRatio')],
  pairs: [{ group: 'default', model: 'kling' }],
  repair: ADVICE,
}

const ACCEPTS = `update users set setting = '{"accept_unset_model_ratio_model":true}';`

forEachGateway('n26', (gateway) => {
  testAccess(gateway, [
    { name: 'P1: no price', sql: NO_KLING, found: [P1], answers: ['served', 400] },
    {
      name: 'P1: no price, in a run of all tokens',
      sql: NO_KLING,
      scope: EVERYONE,
      found: [P1],
      answers: ['served', 400],
    },
    {
      name: 'P1: no such options',
      sql: `delete from options where key = 'ModelPrice'`,
      found: [
        { rule: 'P1', severity: 'error', facts: { status: '400', models: 'runway, pika, kling' } },
      ],
      answers: [400],
    },
    {
      name: 'P1: one user accepts it, others do not',
      sql: NO_KLING + ACCEPTS,
      scope: EVERYONE,
      found: [P1],
    },
    {
      name: 'no P1: the user accepts it',
      sql: NO_KLING + ACCEPTS,
      found: [],
      answers: ['served'],
    },
    {
      name: 'no P1: a ratio',
      sql: `${NO_KLING} insert into options (key, value) values ('ModelRatio', '{"kling":1}')`,
      found: [],
      answers: ['served'],
    },
    {
      name: 'no P1: self use',
      sql: `${NO_KLING} insert into options (key, value) values ('SelfUseModeEnabled', 'true')`,
      found: [],
      answers: ['served'],
    },
  ])
})

forEachGateway('n25', (gateway) => {
  testAccess(gateway, [
    {
      name: 'P1 warns: chat is refused, tasks are not',
      sql: NO_KLING,
      found: [{ ...P1, severity: 'warning', facts: { status: '500', models: 'kling' } }],
      answers: ['served', 'weakened'],
    },
  ])
})

forEachGateway('zeo', (gateway) => {
  testAccess(gateway, [
    { name: 'no P1: not refused', sql: NO_KLING, found: [], answers: ['served'] },
  ])
})
