import type { RuleId } from '../../src/doctor/rule-table.ts'
import { SEED_ENV } from '../support/cli.ts'
import type { Env } from './deployment.ts'

/** A cause, and where nobody but a person can choose the repair, what that person does. */
export type Cause = RuleId | readonly [rule: RuleId, sql: string]

/** How a gateway came to refuse requests. */
export interface Incident {
  readonly name: string
  /** On a database that has a channel or not. */
  readonly sql: string
  /** What is first, from repair to repair, until requests are served. */
  readonly causes: readonly Cause[]
  readonly env?: Env
  /** More words for `doctor`. */
  readonly words?: string
  /** Replayed on a database that tidegate keeps, too. */
  readonly isCommon?: true
}

export const NO_CHANNEL = 'delete from abilities; delete from channels;'

/** The statement of the incident's guide, with its lists and without abilities. */
function guideInsert(type: number, key: string): string {
  return `${NO_CHANNEL}
    insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
    values (${type}, '${key}', 'Bltcy旧网关', 1, '${SEED_ENV.BLTCY_BASE_URL}', ',runway,pika,kling,',
      ',default,', 5, 10);`
}

/** What works, except for what `sql` does to it. */
export function goodChannel(type: number, sql = ''): string {
  const abilities = ['runway', 'pika', 'kling'].map(
    (model) => `('default', '${model}', (select max(id) from channels), true, 5, 10)`,
  )
  return `${NO_CHANNEL}
    insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
    values (${type}, '${SEED_ENV.BLTCY_API_KEY}', 'Bltcy旧网关', 1, '${SEED_ENV.BLTCY_BASE_URL}',
      'runway,pika,kling', 'default', 5, 10);
    insert into abilities ("group", model, channel_id, enabled, priority, weight)
    values ${abilities.join()};
    ${sql}`
}

/** Of the guide's three causes, and of its own fix. */
export const GUIDE_INCIDENTS: readonly Incident[] = [
  { name: 'no channel', sql: NO_CHANNEL, causes: ['B1'], isCommon: true },
  {
    name: "the guide's row",
    sql: guideInsert(55, SEED_ENV.BLTCY_API_KEY),
    causes: ['A6'],
    isCommon: true,
  },
  {
    name: "the guide's row with another key",
    sql: guideInsert(55, 'sk-test-another-key'),
    causes: ['A6', 'B2'],
  },
  {
    name: 'no base_url',
    sql: goodChannel(55, `update channels set base_url = '';`),
    causes: ['C4'],
  },
  { name: 'no key', sql: goodChannel(55, `update channels set key = '';`), causes: ['C3'] },
  {
    name: 'a model is missing',
    sql: goodChannel(
      55,
      `update channels set models = 'runway,kling'; delete from abilities where model = 'pika';`,
    ),
    causes: ['B2'],
  },
  {
    name: 'switched off by the gateway',
    sql: goodChannel(
      55,
      `update abilities set enabled = false;
      update channels set status = 3,
        other_info = '{"status_reason":"status code 401","status_time":1766620800}';`,
    ),
    causes: ['C7'],
    isCommon: true,
  },
]

/** What nobody had looked at. */
export const OTHER_INCIDENTS: readonly Incident[] = [
  {
    name: "the guide's row with the guide's type, which is Dify's",
    sql: guideInsert(37, SEED_ENV.BLTCY_API_KEY),
    causes: ['A6', 'B3'],
  },
  {
    name: "a whole row with the guide's type",
    sql: goodChannel(37),
    causes: ['B3'],
  },
  {
    name: 'type 55 in a fork that still has 37',
    sql: guideInsert(55, SEED_ENV.BLTCY_API_KEY),
    env: { BLTCY_CHANNEL_TYPE: '37' },
    causes: ['A6', 'B3'],
  },
  {
    name: 'a token without a group, and a user of another one',
    sql: goodChannel(55, `update users set "group" = 'vip';`),
    causes: [['C1', `update tokens set "group" = 'default';`]],
  },
  {
    name: 'lists with blanks, and abilities of their own',
    sql: goodChannel(
      55,
      `update channels set "group" = ' default', models = 'runway, pika, kling';
      update abilities set "group" = ' default';
      update abilities set model = ' ' || model where model <> 'runway';`,
    ),
    causes: ['C2'],
  },
  {
    name: 'no abilities, as after an import of channels alone',
    sql: goodChannel(55, 'delete from abilities;'),
    causes: ['A6'],
  },
  {
    name: 'abilities of one model alone',
    sql: goodChannel(55, `delete from abilities where model <> 'kling';`),
    causes: ['A1'],
  },
  {
    name: 'switched off by hand',
    sql: goodChannel(55, 'update channels set status = 2; update abilities set enabled = false;'),
    causes: ['B2'],
  },
  {
    name: 'a token without a group, and a user without one',
    sql: goodChannel(55, `update users set "group" = '';`),
    words: '--user alice',
    causes: ['G2'],
  },
  {
    name: 'a disabled token',
    sql: goodChannel(55, 'update tokens set status = 2;'),
    words: '--token-name main --path /runway/tasks',
    causes: ['T2'],
  },
]
