import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { LOG_CAUSES, LOG_RULES, type LogCause } from '../../src/doctor/log-causes.ts'
import { logLines } from '../../src/doctor/log-lines.ts'
import { classifyLogs } from '../../src/doctor/logs.ts'
import { RULES } from '../../src/doctor/rule-table.ts'
import { LOGS as ENGLISH } from '../../src/language/en/logs.ts'
import { LOGS as CHINESE } from '../../src/language/zh-CN/logs.ts'
import { renderLogs } from '../../src/report/doctor/logs.ts'
import { hostileValues } from '../support/hostile.ts'

const ID = '20251105100000123456789abcdefgh'

const err = (message: string) => `[ERR] 2025/11/05 - 10:00:00 | ${ID} | ${message} `
const info = (message: string) => `[INFO] 2025/11/05 - 10:00:00 | ${ID} | ${message} `
const sys = (message: string) => `[SYS] 2025/11/05 - 10:00:00 | ${message} `
const access = (status: number, path: string) =>
  `[GIN] 2025/11/05 - 10:00:00 | ${status} |   1.5ms | 10.0.0.1 | POST     "${path}"`

const classify = async (...lines: string[]) =>
  classifyLogs(logLines(Readable.from([Buffer.from(lines.join('\n'))])))

const LINES: readonly (readonly [LogCause, string])[] = [
  ['no-channel', err('分组 default 下模型 runway 无可用渠道（distributor）')],
  ['no-channel', err('No available channel for model runway under group default (distributor)')],
  ['get-channel-failed', err('获取渠道失败: record not found')],
  ['get-channel-failed', '2025/11/05 10:00:00 failed to get channel: record not found'],
  ['get-channel-failed', err('code: get_channel_failed')],
  ['inconsistent', err('数据库一致性错误，渠道# 8 不存在，请联系管理员修复')],
  ['inconsistent', err('渠道# 8，已不存在')],
  ['unpriced', err('relay error: 模型 runway 倍率或价格未配置，请联系管理员设置')],
  ['unpriced', err('model runway ratio or price not set')],
  ['no-key', err('no enabled keys')],
  ['group-denied', err('无权访问 vip 分组')],
  ['group-retired', err('分组 vip 已被弃用')],
  ['model-denied', err('该令牌无权访问模型 runway')],
  ['token', err('无效的令牌')],
  ['token', sys('ValidateUserToken: failed to get token: record not found')],
  ['user-quota', err('insufficient_user_quota')],
  ['token-quota', err('token quota is not enough, token remain quota: 1')],
  ['nil-map', 'panic: assignment to entry in nil map'],
  ['panic', 'panic: runtime error: index out of range [56] with length 56'],
  ['database-full', sys('FATAL: sorry, too many clients already (SQLSTATE 53300)')],
  [
    'database-locked',
    '2025/11/05 10:00:00 /app/model/log.go:9 database is locked (5) (SQLITE_BUSY)',
  ],
  ['database-lost', '[FATAL] 2025/11/05 - 10:00:00 | failed to initialize database: dial tcp'],
  ['database-lost', sys('driver: bad connection')],
  ['database-rows', '/app/model/x.go:3 sql: Scan error on column "channel_info": unexpected end'],
  ['database-schema', '/app/x.go:1 ERROR: relation "channels" does not exist (SQLSTATE 42P01)'],
  [
    'upstream-unreachable',
    err('do request failed: Post "https://old.example": dial tcp: i/o timeout'),
  ],
  ['channel-disabled', sys('通道「Bltcy旧网关」（#8）已被禁用，原因：401')],
  ['slow-sql', '/app/model/x.go:3 SLOW SQL >= 200ms'],
  ['answered-500', access(500, '/runway/tasks')],
  ['answered-503', access(503, '/runway/tasks')],
  ['synced', sys('channels synced from database')],
  [
    'synced',
    'time=2025-11-05T10:00:00Z level=INFO msg="channels synced from database" component=x',
  ],
  ['no-channel', 'time=2025-11-05T10:00:00Z level=ERROR msg="分组 a 下模型 b 无可用渠道"'],
  ['no-key', `2025-11-05T10:00:00.123Z \u001b[31m${err('no enabled keys')}\u001b[0m`],
]

describe('one line', () => {
  for (const [cause, line] of LINES) {
    test(`${cause}: ${line.slice(0, 90)}`, async () => {
      const { entries } = await classify(line)
      assert.deepEqual(
        entries.map((entry) => [entry.cause, entry.count]),
        [[cause, 1]],
      )
    })
  }

  test('every cause that names rules names those that exist', () => {
    for (const rule of Object.values(LOG_RULES).flat()) assert.ok(rule in RULES, rule)
  })
})

const NAMES = ['database', 'connection', 'database is locked', 'panic: x', 'no enabled keys']

const INNOCENT: readonly string[] = [
  ...NAMES.map((name) => info(`record consume log: user 1, model ${name}, channel ${name}`)),
  ...NAMES.map((name) => access(200, `/v1/${encodeURIComponent(name)}?x=无可用渠道`)),
  ...NAMES.map((name) => `[3.1ms] [rows:1] UPDATE channels SET name='${name}' WHERE id = 8`),
  `[DEBUG] 2025/11/05 - 10:00:00 | ${ID} | get_channel_failed`,
  access(200, '/runway/ | 500 | x'),
  sys('database migration started'),
  sys('using PostgreSQL as database'),
  sys('monkey database connection channel token'),
  err('channel database: connection slow'),
  'a tale of panic: assignment to entry in nil map',
  '',
]

describe('what only sounds like it', () => {
  for (const line of INNOCENT) {
    test(line, async () => assert.deepEqual((await classify(line)).entries, []))
  }

  test('a model called like another cause counts as what its sentence says', async () => {
    for (const name of NAMES) {
      const { entries } = await classify(
        err(`分组 default 下模型 ${name} 无可用渠道（distributor）`),
      )
      assert.deepEqual(
        entries.map(({ cause }) => cause),
        ['no-channel'],
        name,
      )
    }
  })
})

describe('a log', () => {
  test('counts, first and last time, the first line, and the pairs', async () => {
    const at = (time: string, model: string) =>
      `[ERR] 2025/11/0${time} | ${ID} | 分组 default 下模型 ${model} 无可用渠道（distributor）`
    const { lines, entries } = await classify(
      at('5 - 10:00:02', 'pika'),
      at('5 - 10:00:01', 'runway'),
      access(200, '/'),
      at('6 - 09:00:00', 'runway'),
      'panic: assignment to entry in nil map',
    )
    assert.equal(lines, 5)
    const [crash, routing] = entries
    assert.deepEqual(
      [crash?.cause, crash?.firstTime, crash?.rules],
      ['nil-map', null, ['A6', 'C2']],
    )
    assert.deepEqual(routing, {
      cause: 'no-channel',
      count: 3,
      firstTime: '2025-11-05 10:00:01',
      lastTime: '2025-11-06 09:00:00',
      example: at('5 - 10:00:02', 'pika'),
      pairs: [
        { pair: 'default / runway', count: 2 },
        { pair: 'default / pika', count: 1 },
      ],
      rules: LOG_RULES['no-channel'],
    })
  })

  test('hides keys, and shows at most 20 pairs', async () => {
    const key = 'sk-test0123456789abcdefghijklmnop'
    const { entries } = await classify(
      ...Array.from({ length: 1_500 }, (_, index) =>
        err(`分组 ${key} 下模型 m${index} 无可用渠道 ${'x'.repeat(460)} Bearer ${key}`),
      ),
    )
    assert.deepEqual([entries[0]?.count, entries[0]?.pairs.length], [1_500, 20])
    assert.doesNotMatch(JSON.stringify(entries), /test0123/)
  })
})

describe('time', () => {
  test('a line made to be slow is not', async () => {
    const before = process.cpuUsage()
    for (const part of [
      '分组 ',
      '无权访问 ',
      'dial tcp ',
      'group ',
      '通道「',
      'level=ERR msg="\\',
      '/',
    ]) {
      await classify(part.repeat(60_000 / part.length))
    }
    assert.ok(process.cpuUsage(before).user < 2_000_000)
  })
})

describe('the report', () => {
  test('every line is inert, in both languages', async () => {
    for (const value of hostileValues(120)) {
      const { entries } = await classify(err(`分组 ${value} 下模型 ${value} 无可用渠道`))
      for (const texts of [ENGLISH, CHINESE]) {
        const text = renderLogs({ lines: 1, entries }, texts)
        for (const line of text.split('\n')) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u)
      }
    }
  })

  test('says what was found', async () => {
    const report = await classify(...LINES.map(([, line]) => line))
    const text = renderLogs(report, ENGLISH)
    assert.match(text, /^Lines read: \d+\n\n1 × The process ended/)
    assert.match(text, /from 2025-11-05 10:00:00 to 2025-11-05 10:00:00/)
    assert.match(text, /group \/ model: "default \/ runway" × 1/)
    assert.match(renderLogs(await classify('x'), CHINESE), /没有任何一行/)
  })

  test('both languages have a text for every cause', () => {
    for (const texts of [ENGLISH, CHINESE]) {
      assert.deepEqual(Object.keys(texts.causes).toSorted(), LOG_CAUSES.toSorted())
      for (const { title, advice } of Object.values(texts.causes)) assert.ok(title && advice)
      assert.deepEqual(texts.span.match(/\{\w+\}/g), ['{first}', '{last}'])
    }
    assert.deepEqual(Object.keys(ENGLISH).toSorted(), Object.keys(CHINESE).toSorted())
  })
})
