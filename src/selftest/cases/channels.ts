import { difference } from '../case.ts'
import { changed, duplicate, extra, missing } from '../expected.ts'

const OPENAI = ['channels', 'Team OpenAI', '1'] as const
const BLTCY = ['channels', 'Bltcy旧网关', '55'] as const

const COPY_OF_BLTCY = [
  `insert into channels (id, type, "key", name, status, models, "group", priority, weight)
   select 9, type, 'sk-test-copy', name, status, 'runway', "group", priority, weight
   from channels where id = 2`,
  `insert into abilities ("group", model, channel_id, enabled, priority, weight)
   values ('default', 'runway', 9, true, 0, 0)`,
] as const

/** Where a cell is one that abilities are derived from, they follow, as the gateway does it. */
export const CHANNEL_CASES = [
  difference(
    'channel deleted',
    ['delete from channels where id = 3', 'delete from abilities where channel_id = 3'],
    [missing(['channels', 'Claude spare', '14'])],
  ),
  difference(
    'channel added',
    [...COPY_OF_BLTCY, `update channels set name = 'new' where id = 9`],
    [extra(['channels', 'new', '55'])],
  ),
  difference(
    'channel renamed',
    [`update channels set name = 'renamed' where id = 2`],
    [missing(BLTCY), extra(['channels', 'renamed', '55'])],
  ),
  difference('channel twice', COPY_OF_BLTCY, [duplicate(BLTCY)]),
  difference(
    'channel priority',
    [
      'update channels set priority = 20 where id = 1',
      'update abilities set priority = 20 where channel_id = 1',
    ],
    [changed(OPENAI, ['priority'])],
  ),
  difference(
    'channel model added',
    [
      `update channels set models = 'runway,pika,kling,suno' where id = 2`,
      `insert into abilities ("group", model, channel_id, enabled, priority, weight)
       values ('default', 'suno', 2, true, 0, 0)`,
    ],
    [changed(BLTCY, ['models +suno'])],
  ),
  difference(
    'channel model removed',
    [
      `update channels set models = 'runway,pika' where id = 2`,
      `delete from abilities where channel_id = 2 and model = 'kling'`,
    ],
    [changed(BLTCY, ['models -kling'])],
  ),
  difference(
    'channel list with a blank',
    [
      `update channels set models = 'runway, pika,kling' where id = 2`,
      `update abilities set model = ' pika' where channel_id = 2 and model = 'pika'`,
    ],
    [changed(BLTCY, ['models (formatting)'])],
  ),
  difference(
    'channel group removed',
    [
      `update channels set "group" = 'vip' where id = 1`,
      `delete from abilities where channel_id = 1 and "group" = 'default'`,
    ],
    [changed(OPENAI, ['group -default'])],
  ),
  difference(
    'channel base URL NULL instead of empty',
    ['update channels set base_url = null where id = 2'],
    [changed(BLTCY, ['base_url'])],
  ),
  difference(
    'channel base URL',
    [`update channels set base_url = 'https://other.example' where id = 1`],
    [changed(OPENAI, ['base_url'])],
  ),
  difference(
    'channel settings member',
    [`update channels set settings = '{"allow_service_tier":false,"depth":2}' where id = 1`],
    [changed(OPENAI, ['settings'])],
  ),
  difference(
    'channel model mapping member added',
    [
      `update channels set model_mapping = '{"gpt-4":"gpt-4o","gpt-4-turbo":"gpt-4o-mini","o1":"o3"}'
       where id = 1`,
    ],
    [changed(OPENAI, ['model_mapping.o1 (only to)'])],
  ),
  difference(
    'channel model mapping member removed',
    [`update channels set model_mapping = '{"gpt-4":"gpt-4o"}' where id = 1`],
    [changed(OPENAI, ['model_mapping.gpt-4-turbo (only from)'])],
  ),
  difference(
    'channel model mapping member changed',
    [
      `update channels set model_mapping = '{"gpt-4":"gpt-4.1","gpt-4-turbo":"gpt-4o-mini"}'
       where id = 1`,
    ],
    [changed(OPENAI, ['model_mapping.gpt-4'])],
  ),
  difference(
    'channel key',
    [`update channels set "key" = 'sk-test-other' where id = 1`],
    [changed(OPENAI, ['key'])],
  ),
  difference(
    'channel key emptied',
    [`update channels set "key" = '' where id = 1`],
    [changed(OPENAI, ['key'])],
  ),
  difference(
    'channel headers, which are secret',
    [`update channels set header_override = '{"X-Made-Up":"sk-test-other"}' where id = 1`],
    [changed(OPENAI, ['header_override'])],
  ),
  difference(
    'channel disabled by a person',
    [
      'update channels set status = 2 where id = 1',
      'update abilities set enabled = false where channel_id = 1',
    ],
    [changed(OPENAI, ['status'])],
  ),
  difference(
    'channel disabled by the gateway',
    [
      'update channels set status = 3 where id = 1',
      'update abilities set enabled = false where channel_id = 1',
    ],
    [changed(OPENAI, ['status'], { class: 'runtime', severity: 'note' })],
  ),
  difference(
    'channel tag',
    [
      `update channels set tag = 'other' where id = 1`,
      `update abilities set tag = 'other' where channel_id = 1`,
    ],
    [changed(OPENAI, ['tag'])],
  ),
  difference(
    'channel ratio of the fork',
    ['update channels set channel_ratio = 1.5 where id = 2'],
    [changed(BLTCY, ['channel_ratio'])],
    { gateway: 'bltcy-fork' },
  ),
]
