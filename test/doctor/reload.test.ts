import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { reloadGateway, type GatewayAccess } from '../../src/doctor/reload.ts'
import { Secret } from '../../src/secret.ts'
import { FakeGateway, type GatewayAnswer } from '../support/fake-gateway.ts'
import { everythingOf, failureOf } from '../support/failures.ts'

const TOKEN = 'testAccessToken0123456789abcdef0'

let gateway: FakeGateway
before(async () => {
  gateway = await new FakeGateway().start()
})
after(() => gateway.close())
beforeEach(() => {
  gateway.calls.length = 0
})

const reload = (more: Partial<GatewayAccess> = {}) =>
  reloadGateway({ url: gateway.url, token: new Secret(TOKEN), userId: '1', ...more })

test('enables a tag that no channel has, another one each time', async () => {
  gateway.answer = { status: 200, body: '{"success":true,"message":""}' }
  await reload()
  await reload()
  const tags = gateway.calls.map(({ body }) => (JSON.parse(body) as { tag: string }).tag)
  for (const tag of tags) assert.match(tag, /^tidegate-reload-[0-9a-f]{24}$/)
  assert.notEqual(tags[0], tags[1])
  const { method, path, headers } = gateway.calls[0]!
  assert.deepEqual([method, path], ['POST', '/api/channel/tag/enabled'])
  assert.deepEqual([headers.authorization, headers['new-api-user']], [TOKEN, '1'])
})

const REFUSALS: readonly (readonly [string, GatewayAnswer, RegExp, RegExp])[] = [
  [
    'a refusal with 200',
    { status: 200, body: `{"success":false,"message":"无权进行此操作 ${TOKEN}"}` },
    /HTTP 200\): 无权进行此操作 \[secret\]$/,
    /TIDEGATE_GATEWAY_TOKEN/,
  ],
  ['401', { status: 401, body: '{"success":false,"message":"no"}' }, /HTTP 401\): no$/, /TOKEN/],
  ['success with another status', { status: 500, body: '{"success":true}' }, /HTTP 500/, /TOKEN/],
  [
    'a gateway without the call',
    { status: 404, body: '{"error":{"message":"Invalid URL"}}' },
    /HTTP 404\)$/,
    /restart it/,
  ],
  ['a web page', { status: 200, type: 'text/html', body: '<html>' }, /HTTP 200\)$/, /restart it/],
  ['null', { status: 200, body: 'null' }, /HTTP 200\)$/, /restart it/],
  [
    'a redirect',
    { status: 302, body: '', headers: { location: '/login' } },
    /HTTP 302\)$/,
    /restart it/,
  ],
]

for (const [name, answer, message, nextStep] of REFUSALS) {
  test(`${name} is no reload`, async () => {
    gateway.answer = answer
    const failure = await failureOf(reload())
    assert.equal(failure.code, 'gateway')
    assert.match(failure.message, message)
    assert.match(failure.nextStep ?? '', nextStep)
    assert.doesNotMatch(everythingOf(failure), /AccessToken/)
    assert.equal(gateway.calls.length, 1)
  })
}

test('nothing listens', async () => {
  const closed = await new FakeGateway().start()
  const { url } = closed
  await closed.close()
  const failure = await failureOf(reload({ url }))
  assert.deepEqual([failure.code, failure.details['failure']], ['gateway', 'refused'])
})

for (const userId of ['', '0', 'root', '1\r\nx: y', '-1']) {
  test(`the user ${JSON.stringify(userId)} is no id`, async () => {
    assert.equal((await failureOf(reload({ userId }))).code, 'config')
    assert.deepEqual(gateway.calls, [])
  })
}
