import { OWN_TABLE } from '../baseline.ts'
import { difference } from '../case.ts'
import { changed, extra, missing, schema } from '../expected.ts'

export const SCHEMA_CASES = [
  difference(
    'column missing',
    ['alter table channels drop column remark'],
    [schema(['channels', 'remark'], 'to', 'error')],
  ),
  difference(
    'column that no gateway has',
    ['alter table channels add column made_up integer'],
    [schema(['channels', 'made_up'], 'from', 'warning')],
  ),
  difference(
    'column of another type',
    ['alter table channels drop column remark', 'alter table channels add column remark integer'],
    [schema(['channels', 'remark'], null, 'error')],
  ),
  difference(
    'column that takes less',
    [
      'alter table channels drop column remark',
      'alter table channels add column remark varchar(40)',
    ],
    [schema(['channels', 'remark'], 'to', 'warning')],
    { dialects: ['postgres'] },
  ),
  difference('table missing', ['drop table models'], [schema(['models'], 'to', 'error')]),
  difference(
    'newer gateway',
    ['alter table users add column last_login_at bigint'],
    [schema(['users'], null, 'warning')],
  ),
  difference(
    'newer gateway with a column that configures',
    ['alter table tokens add column cross_group_retry boolean'],
    [schema(['tokens'], null, 'warning'), schema(['tokens', 'cross_group_retry'], 'from', 'error')],
  ),
  difference(
    'table of the configuration, changed',
    [
      `update ${OWN_TABLE} set amount = 85 where code = 'night'`,
      `delete from ${OWN_TABLE} where code = 'weekend'`,
      `insert into ${OWN_TABLE} (code, amount) values ('holiday', 100)`,
    ],
    [
      changed([OWN_TABLE, 'night'], ['amount']),
      missing([OWN_TABLE, 'weekend']),
      extra([OWN_TABLE, 'holiday']),
    ],
  ),
  difference(
    'table of the configuration without a key',
    [`drop table ${OWN_TABLE}`, `create table ${OWN_TABLE} (code varchar(32), amount integer)`],
    [],
    { incomplete: [OWN_TABLE] },
  ),
  difference(
    'table of the configuration, missing',
    [`drop table ${OWN_TABLE}`],
    [schema([OWN_TABLE], 'to', 'error')],
    { incomplete: [OWN_TABLE] },
  ),
]
