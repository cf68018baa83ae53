/** Databases of a size, the same on SQLite and on PostgreSQL, with a hundred scattered differences. */
import Sqlite from 'better-sqlite3'
import type { PostgresTarget } from '../src/database/contract.ts'
import { readFixture } from '../test/support/fixtures.ts'
import { executeRaw } from '../test/support/raw.ts'

export interface Size {
  readonly channels: number
  readonly modelsPerChannel: number
  /** Rows of a wide table with a text key, shaped like channels. */
  readonly wideRows: number
  /** Enabled tokens, of a thousand users in ten groups. */
  readonly tokens?: number
}

const DIFFERENCES = 100

/** Both dialects understand it: `series` gives the numbers. */
function statements(size: Size, series: (count: number) => string): string[] {
  const { channels, modelsPerChannel, wideRows, tokens = 0 } = size
  const models = Array.from({ length: modelsPerChannel }, (_, index) => `model-${index + 1}`)
  return [
    `insert into channels (id, type, key, name, status, base_url, models, "group", priority, weight, tag)
     select n, 1, 'sk-test-' || n, 'channel ' || n, 1, '', '${models.join(',')}', 'default', 0, 0, 'tag-' || n
     from ${series(channels)}`,
    `insert into abilities ("group", model, channel_id, enabled, priority, weight, tag)
     select 'default', model, n, true, 0, 0, 'tag-' || n
     from ${series(channels)}, (${modelRows(models)}) as m order by n`,
    `create table wide_rows (
       name text primary key, type bigint, status bigint, base_url text, models text, "group" text,
       priority bigint, weight bigint, tag text, remark text, setting_text text, other_text text,
       created bigint, used bigint, ratio bigint)`,
    `insert into wide_rows
     select 'row ' || n, n % 50, 1, 'https://upstream-' || (n % 97) || '.example/v1',
       'gpt-4o,gpt-4o-mini,gpt-4.1,claude-sonnet,claude-haiku,gemini-pro,deepseek-chat,qwen-max',
       'default,vip', n % 10, n % 100, 'tag-' || (n % 13),
       'a remark of ordinary length about channel number ' || n, '{"force_format":true}',
       'other text that makes the row as wide as a real one ' || n, 1700000000 + n, n * 7, n % 3
     from ${series(wideRows)}`,
    `insert into users (id, username, password, role, status, quota, "group", aff_code)
     select n, 'user ' || n, 'made-up-hash', 1, 1, 1000, 'group-' || (n % 10), 'aff' || n
     from ${series(tokens === 0 ? 0 : 1000)}`,
    `insert into tokens (id, user_id, key, name, status, expired_time, remain_quota, unlimited_quota,
       "group", model_limits_enabled)
     select n, 1 + n % 1000, 'testTOKENtestTOKENtestTOKENtestTOKEN' || n, 'token ' || n, 1, -1, 0,
       true, '', false
     from ${series(tokens)}`,
  ]
}

/** As rows of one column. */
function modelRows(models: readonly string[]): string {
  if (models.length === 0) return `select '' as model where 1 = 0`
  return models.map((model) => `select '${model}' as model`).join(' union all ')
}

export async function fillSqlite(file: string, size: Size): Promise<void> {
  const database = new Sqlite(file)
  database.pragma('synchronous = off')
  database.exec(await readFixture('sqlite', 'n25'))
  const series = (count: number) =>
    `(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${count}) select n from s where ${count} > 0)`
  database.exec('begin')
  for (const statement of statements(size, series)) database.exec(statement)
  database.exec('commit')
  database.exec('analyze')
  database.close()
}

/** The differences are here. */
export async function fillPostgres(target: PostgresTarget, size: Size): Promise<void> {
  await fillEqualPostgres(target, size)
  const { channels, wideRows } = size
  await executeRaw(
    target,
    `update abilities set weight = 1 where model = 'model-1' and channel_id in (
       select 1 + n * ${Math.max(1, Math.floor(channels / DIFFERENCES))} from generate_series(0, ${DIFFERENCES - 1}) as s(n));
     update wide_rows set priority = 77 where name in (
       select 'row ' || 1 + n * ${Math.max(1, Math.floor(wideRows / DIFFERENCES))} from generate_series(0, ${DIFFERENCES - 1}) as s(n))`,
  )
  await executeRaw(target, 'vacuum analyze')
}

/** As the SQLite file. */
export async function fillEqualPostgres(target: PostgresTarget, size: Size): Promise<void> {
  const series = (count: number) => `generate_series(1, ${count}) as s(n)`
  for (const statement of statements(size, series)) await executeRaw(target, statement)
  await executeRaw(target, 'vacuum analyze')
}
