import { equal } from '../case.ts'
import { OWN_TABLE } from '../baseline.ts'

const DEFAULT_INFO = `'{"is_multi_key":false,"multi_key_size":0,"multi_key_status_list":null,"multi_key_polling_index":0,"multi_key_mode":""}'`
const POLLED_INFO = `'{"multi_key_polling_index":1,"multi_key_status_list":{"1":3},"is_multi_key":true,"multi_key_size":2,"multi_key_mode":"polling"}'`

/** A JSON column holds bytes on SQLite. */
function setChannelInfo(id: number, text: string) {
  const set = (value: string) => `update channels set channel_info = ${value} where id = ${id}`
  return { sqlite: set(`cast(${text} as blob)`), postgres: set(`cast(${text} as json)`) }
}

export const EQUAL_CASES = [
  equal('nothing', []),
  equal('nothing, in the fork', [], { gateway: 'bltcy-fork' }),
  equal('JSON members in another order', [
    `update channels set settings = '{"depth":2,"allow_service_tier":true}',
       model_mapping = '{"gpt-4-turbo":"gpt-4o-mini","gpt-4":"gpt-4o"}' where id = 1`,
    `update options set value = '{"pika":0.25,"runway":0.1}' where "key" = 'ModelPrice'`,
  ]),
  equal('JSON with spaces', [
    `update channels set settings = '{ "allow_service_tier": true, "depth": 2 }' where id = 1`,
    `update options set value = '[ "default", "vip" ]' where "key" = 'AutoGroups'`,
    `update prefill_groups set items = '["runway", "pika"]'`,
  ]),
  equal('numbers spelled otherwise', [
    `update options set value = '{"runway":0.10,"pika":2.5e-1}' where "key" = 'ModelPrice'`,
    `update options set value = '{"default":1.0,"vip":0.8}' where "key" = 'GroupRatio'`,
  ]),
  equal('what the gateway counts', [
    `update channels set used_quota = 1, balance = 2.5, response_time = 900, test_time = 1,
       created_time = 5, other_info = '{"status_reason":"made up"}'`,
    'update users set quota = 7, used_quota = 8, request_count = 9',
    'update tokens set accessed_time = 1, remain_quota = 2, used_quota = 3',
    `update setups set version = 'v0.9.1'`,
  ]),
  equal('members that the gateway writes', [
    `update channels set settings =
       '{"allow_service_tier":true,"depth":2,"upstream_model_update_last_check_time":9}' where id = 1`,
    setChannelInfo(2, `replace(${DEFAULT_INFO}, 'index":0', 'index":4')`),
    setChannelInfo(3, POLLED_INFO),
  ]),
  equal('other ids', [
    'update channels set id = 1000 - id',
    'update abilities set channel_id = 1000 - channel_id',
    'update users set id = 2000 - id',
    'update tokens set id = 3000 - id, user_id = 2000 - user_id',
    'update vendors set id = 4000 - id',
    'update models set id = 5000 - id, vendor_id = 4000 - vendor_id',
  ]),
  equal('rows in another order', [
    'create table moved as select * from options',
    'delete from options',
    'insert into options select * from moved order by "key" desc',
    'drop table moved',
  ]),
  equal('channel information NULL instead of its default', [
    'update channels set channel_info = null where id = 1',
    setChannelInfo(2, DEFAULT_INFO),
  ]),
  equal('blanks that pad char(n)', [`update tokens set "key" = "key" || '   '`], {
    dialects: ['postgres'],
  }),
  equal('empty instead of NULL', [
    `update channels set remark = '', model_mapping = '' where id = 2`,
    `update channels set tag = null where id = 3`,
    `update vendors set description = '' where id = 2`,
  ]),
  equal('list in another order', [`update channels set models = 'kling,runway,pika' where id = 2`]),
  equal('URL written otherwise', [
    `update channels set base_url = 'HTTPS://API.openai.example/' where id = 1`,
  ]),
  equal(
    'tokens and users that only the right side has',
    [
      `insert into users (id, username, password) values (7, 'newcomer', 'made up')`,
      `insert into tokens (id, user_id, "key", name) values (7, 7, 'sk-test-7', 'first')`,
    ],
    { unlisted: 2 },
  ),
  equal('softly deleted rows that only the right side has', [
    `insert into vendors (id, name, deleted_at) values (7, 'Gone', '2026-01-02 03:04:05+00:00')`,
    `insert into models (id, model_name, deleted_at)
     values (7, 'runway', '2026-01-02 03:04:05+00:00')`,
    `insert into tokens (id, user_id, "key", name, deleted_at)
     values (7, 2, 'sk-test-7', 'production', '2026-01-02 03:04:05+00:00')`,
  ]),
  equal('column that the gateway counts in, missing', [
    'alter table channels drop column response_time',
  ]),
  equal('column that an older gateway left behind', [
    'alter table channels add column system_prompt text',
  ]),
  equal('index missing', ['drop index idx_channels_name']),
  equal('table that nobody asked for', ['create table made_up_notes (id integer primary key)']),
  equal(
    'shorter limit, which SQLite does not enforce',
    [
      'alter table channels drop column remark',
      'alter table channels add column remark varchar(40)',
    ],
    { dialects: ['sqlite'] },
  ),
  equal('table of the configuration in another order', [
    `create table moved as select * from ${OWN_TABLE}`,
    `delete from ${OWN_TABLE}`,
    `insert into ${OWN_TABLE} select * from moved order by code desc`,
    'drop table moved',
  ]),
]
