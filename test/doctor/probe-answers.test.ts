import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PROBE_RULES, type ProbeCause } from '../../src/doctor/probe-causes.ts'
import { probe } from '../../src/doctor/probe.ts'
import { RULES } from '../../src/doctor/rule-table.ts'
import { Secret } from '../../src/secret.ts'
import { FakeGateway, type GatewayAnswer } from '../support/fake-gateway.ts'

let gateway: FakeGateway
before(async () => {
  gateway = await new FakeGateway().start()
})
after(() => gateway.close())

const token = new Secret('sk-testProbe0123456789abcdefghijklmnopqrstuv')

const ask = () =>
  probe({ url: gateway.url, path: '/runway/tasks', model: 'runway', token, timeoutMs: 5_000 })

const error = (status: number, fields: object): GatewayAnswer => {
  return { status, body: JSON.stringify({ error: { type: 'new_api_error', ...fields } }) }
}

const ANSWERS: readonly (readonly [string, GatewayAnswer, ProbeCause])[] = [
  ['200', { status: 200, body: '{"id":"task"}' }, 'served'],
  ['202', { status: 202, body: '{"id":"task","message":""}' }, 'served'],
  ['200 with an error in it', error(200, { message: 'no' }), 'error-in-answer'],
  [
    '200 with the web page',
    { status: 200, type: 'text/html; charset=utf-8', body: '<html>' },
    'unknown-path',
  ],
  [
    '404 of an unknown path',
    error(404, { type: 'invalid_request_error', message: 'Invalid URL (POST /v1/x)' }),
    'unknown-path',
  ],
  ['400', error(400, { message: '未指定模型名称，模型名称不能为空' }), 'bad-request'],
  ['400 without a price', error(400, { code: 'model_price_error', message: 'x' }), 'unpriced'],
  ['401', error(401, { message: '无效的令牌' }), 'token'],
  ['401 in English', error(401, { message: 'Invalid token' }), 'token'],
  [
    '401 of the service behind',
    error(401, { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect' }),
    'upstream-refused',
  ],
  ['403', error(403, { message: '其他' }), 'forbidden'],
  ['403 group', error(403, { message: '无权访问 vip 分组' }), 'group-denied'],
  ['403 retired group', error(403, { message: '分组 vip 已被弃用' }), 'group-retired'],
  ['403 model', error(403, { message: '该令牌无权访问模型 runway' }), 'model-denied'],
  ['403 address', error(403, { message: '您的 IP 不在令牌允许访问的列表中' }), 'ip-denied'],
  ['403 user', error(403, { message: '用户已被封禁' }), 'user-banned'],
  ['403 quota', error(403, { code: 'insufficient_user_quota', message: 'x' }), 'user-quota'],
  ['403 channel', error(403, { code: 'channel_disabled', message: 'x' }), 'channel-disabled'],
  ['429', error(429, { message: 'slow down' }), 'rate-limited'],
  [
    '503 of the distributor',
    error(503, {
      code: 'model_not_found',
      message: '分组 default 下模型 runway 无可用渠道（distributor）',
    }),
    'no-channel',
  ],
  ['503 of a fork', error(503, { type: 'some_api_error', message: 'nothing' }), 'no-channel'],
  [
    '503 of a broken database',
    error(503, { message: '数据库一致性错误，渠道# 8 不存在，请联系管理员修复' }),
    'inconsistent',
  ],
  ['503 of a proxy', { status: 503, type: 'text/html', body: '<h1>503' }, 'bad-gateway'],
  ['502', { status: 502, type: 'text/plain', body: 'Bad Gateway' }, 'bad-gateway'],
  [
    '500 of a task',
    { status: 500, body: '{"code":"get_channel_failed","message":"x","data":null}' },
    'get-channel-failed',
  ],
  ['500 without a key', error(500, { code: 'no_available_key', message: 'x' }), 'no-key'],
  ['500 base URL', error(500, { code: 'invalid_base_url', message: 'x' }), 'invalid-base-url'],
  ['500 upstream', error(500, { code: 'request_failed', message: 'x' }), 'upstream-unreachable'],
  [
    '500 whose type is its code',
    error(500, { type: 'do_request_failed', code: 'do_request_failed', message: 'x' }),
    'upstream-unreachable',
  ],
  ['500 without a price', error(500, { code: 'model_price_error', message: 'x' }), 'unpriced'],
  [
    '500 passed on',
    error(500, { type: 'server_error', code: 'overloaded', message: 'x' }),
    'upstream-answer',
  ],
  ['500 else', error(500, { message: 'x' }), 'relay-failed'],
  ['418', error(418, { message: 'x' }), 'unexpected'],
]

describe('what an answer means', () => {
  for (const [name, answer, cause] of ANSWERS) {
    test(`${name}: ${cause}`, async () => {
      gateway.answer = answer
      const result = await ask()
      assert.deepEqual([result.cause, result.status], [cause, answer.status])
      assert.equal(result.served, cause === 'served')
      assert.deepEqual(result.rules, PROBE_RULES[cause])
    })
  }

  test('rules exist, and what routing can explain has some', () => {
    for (const rule of Object.values(PROBE_RULES).flat()) assert.ok(rule in RULES, rule)
    for (const cause of ['no-channel', 'forbidden', 'token', 'unpriced'] as const) {
      assert.ok(PROBE_RULES[cause].length > 0)
    }
  })
})
