import { difference } from '../case.ts'
import { changed, extra, missing } from '../expected.ts'

function set(key: string, value: string): string {
  return `update options set value = '${value}' where "key" = '${key}'`
}

export const OPTION_CASES = [
  difference(
    'option value',
    [set('RetryTimes', '5')],
    [changed(['options', 'RetryTimes'], ['value'])],
  ),
  difference(
    'option map member changed',
    [set('ModelPrice', '{"runway":0.2,"pika":0.25}')],
    [changed(['options', 'ModelPrice'], ['value.runway'])],
  ),
  difference(
    'option map member added',
    [set('ModelPrice', '{"runway":0.1,"pika":0.25,"kling":1}')],
    [changed(['options', 'ModelPrice'], ['value.kling (only to)'])],
  ),
  difference(
    'option map member removed',
    [set('ModelPrice', '{"runway":0.1}')],
    [changed(['options', 'ModelPrice'], ['value.pika (only from)'])],
  ),
  difference(
    'option list in another order',
    [set('AutoGroups', '["vip","default"]')],
    [changed(['options', 'AutoGroups'], ['value'])],
  ),
  difference(
    'option deleted',
    [`delete from options where "key" = 'GroupRatio'`],
    [missing(['options', 'GroupRatio'])],
  ),
  difference(
    'option added',
    [`insert into options ("key", value) values ('QuotaPerUnit', '500000')`],
    [extra(['options', 'QuotaPerUnit'])],
  ),
  difference(
    'option that is secret',
    [set('SMTPToken', 'sk-test-other')],
    [changed(['options', 'SMTPToken'], ['value'])],
  ),
  difference(
    'option of one installation',
    [set('ServerAddress', 'https://other.example')],
    [changed(['options', 'ServerAddress'], ['value'], { class: 'environment', severity: 'note' })],
  ),
]
