import { type AccessCase, ADVICE, EVERYONE } from './access-cases.ts'

/** Statements that store an option's JSON. */
export function option(key: string, value: unknown): string {
  return `delete from options where key = '${key}';
    insert into options (key, value) values ('${key}', '${JSON.stringify(value)}');`
}

/** The token has the group `auto`, and its user may use it. */
export const AUTO = `update tokens set "group" = 'auto';
  ${option('UserUsableGroups', { default: '', vip: '', auto: '' })}`

/** The token's evidence: its group beside its user's. */
export function groupsOf(token: string | null, user: string | null) {
  const cells = [
    { column: 'group', value: token },
    { column: 'users.group', value: user },
  ]
  return [{ table: 'tokens', row: '1', label: 'main', cells }]
}

export const AUTO_CASES: readonly AccessCase[] = [
  {
    name: 'G5: nothing in AutoGroups',
    sql: `${AUTO} ${option('AutoGroups', [])}`,
    found: [
      {
        rule: 'G5',
        severity: 'error',
        facts: { tokens: '1', groups: '', models: 'runway, pika, kling' },
        evidence: groupsOf('auto', 'default'),
        repair: ADVICE,
      },
    ],
    answers: [503],
  },
  {
    name: 'G5: no usable group in AutoGroups',
    sql: `${AUTO} ${option('AutoGroups', ['svip'])}`,
    scope: EVERYONE,
    found: [{ rule: 'G5', severity: 'warning' }],
  },
  {
    name: 'G5: none has the models',
    sql: `${AUTO} ${option('AutoGroups', ['vip'])}`,
    found: [
      {
        rule: 'G5',
        severity: 'error',
        facts: { tokens: '1', groups: 'vip', models: 'runway, pika, kling' },
        pairs: ['runway', 'pika', 'kling'].map((model) => ({ group: 'auto', model })),
      },
    ],
    answers: [503],
  },
  {
    name: 'G5: none has the models, in a run of all tokens',
    sql: `${AUTO} ${option('AutoGroups', ['vip'])}`,
    scope: EVERYONE,
    found: [{ rule: 'G5', severity: 'warning', pairs: [] }],
    answers: [503],
  },
  { name: 'no G5: the built-in list', sql: AUTO, found: [], answers: ['served'] },
]
