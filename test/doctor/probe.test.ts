import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import { PROBE_CAUSES } from '../../src/doctor/probe-causes.ts'
import { probe, type ProbeInput } from '../../src/doctor/probe.ts'
import { PROBE as ENGLISH } from '../../src/language/en/probe.ts'
import { PROBE as CHINESE } from '../../src/language/zh-CN/probe.ts'
import { renderProbe } from '../../src/report/doctor/probe.ts'
import { Secret } from '../../src/secret.ts'
import { FakeGateway, type GatewayAnswer } from '../support/fake-gateway.ts'
import { failureOf } from '../support/failures.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { hostileValues } from '../support/hostile.ts'
import { hasOpenssl, makeCertificate } from '../support/tls.ts'

const KEY = 'sk-testProbe0123456789abcdefghijklmnopqrstuv'

let gateway: FakeGateway
before(async () => {
  gateway = await new FakeGateway().start()
})
after(() => gateway.close())
beforeEach(() => {
  gateway.calls.length = 0
})

const ask = (more: Partial<ProbeInput> = {}) =>
  probe({
    url: gateway.url,
    path: '/runway/tasks',
    model: 'runway',
    token: new Secret(KEY),
    timeoutMs: 5_000,
    ...more,
  })

const error = (status: number, fields: object): GatewayAnswer => {
  return { status, body: JSON.stringify({ error: { type: 'new_api_error', ...fields } }) }
}

describe('no answer', () => {
  test('nothing listens', async () => {
    const closed = await new FakeGateway().start()
    const { url } = closed
    await closed.close()
    const result = await ask({ url })
    assert.deepEqual([result.cause, result.status, result.served], ['refused', null, false])
  })

  test('too slow, before the answer and within it', async (t) => {
    gateway.answer = null
    const { cause, milliseconds } = await ask({ timeoutMs: 100 })
    assert.equal(cause, 'timeout')
    assert.ok(milliseconds >= 90 && milliseconds < 3_000)
    const stuck = await startFakeServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')
    })
    t.after(() => stuck.close())
    const url = new URL(`http://127.0.0.1:${stuck.port}`)
    assert.equal((await ask({ url, timeoutMs: 100 })).cause, 'timeout')
  })

  test('hangs up', async (t) => {
    const server = await startFakeServer((socket) => socket.destroy())
    const url = new URL(`http://127.0.0.1:${server.port}`)
    t.after(() => server.close())
    assert.equal((await ask({ url })).cause, 'broken')
  })

  const skip = hasOpenssl() ? false : 'there is no openssl to make a certificate with'
  test('a certificate that is not trusted', { skip }, async (t) => {
    const { certificate, key, drop } = await makeCertificate()
    const files = { cert: readFileSync(certificate), key: readFileSync(key) }
    const secure = await new FakeGateway(files).start()
    t.after(() => secure.close())
    t.after(drop)
    assert.equal((await ask({ url: secure.url })).cause, 'untrusted')
    assert.deepEqual(secure.calls, [])
  })
})

describe('the request', () => {
  const sent = async (more: Partial<ProbeInput>) => {
    gateway.answer = { status: 200, body: '{}' }
    await ask(more)
    assert.equal(gateway.calls.length, 1)
    const { method, path, headers, body } = gateway.calls[0]!
    return { method, path, key: headers.authorization, body: JSON.parse(body) as unknown }
  }

  test('goes to the path with the model', async () => {
    const body = { model: 'runway', prompt: 'ping' }
    const expected = { method: 'POST', path: '/runway/tasks', key: `Bearer ${KEY}`, body }
    assert.deepEqual(await sent({}), expected)
  })

  test('is a chat of one token without a path, under the path of the address', async () => {
    const { path, body } = await sent({ path: null, url: new URL('/gw/', gateway.url) })
    assert.equal(path, '/gw/v1/chat/completions')
    const messages = [{ role: 'user', content: 'ping' }]
    assert.deepEqual(body, { model: 'runway', messages, max_tokens: 1 })
  })

  test('follows no redirect and is not repeated', async (t) => {
    const other = await new FakeGateway().start()
    t.after(() => other.close())
    for (const status of [301, 302, 307, 308]) {
      gateway.answer = { status, body: '', headers: { location: other.url.href } }
      assert.equal((await ask()).cause, 'redirected')
    }
    gateway.answer = error(503, { message: 'x' })
    await ask()
    assert.deepEqual([gateway.calls.length, other.calls.length], [5, 0])
  })

  for (const path of ['runway', '@evil.example', '', '.evil.example', ':1/']) {
    test(`refuses what leads to another host: ${JSON.stringify(path)}`, async () => {
      const { code } = await failureOf(ask({ path }))
      assert.deepEqual([code, gateway.calls], ['usage', []])
    })
  }

  test('stays on its host with two slashes', async () => {
    assert.equal((await sent({ path: '//evil.example/x' })).path, '//evil.example/x')
  })

  test('a token that no header holds is refused and not quoted', async () => {
    for (const token of [`${KEY}\n`, `${KEY} x`, `${KEY}€`]) {
      const failure = await failureOf(ask({ token: new Secret(token) }))
      assert.equal(failure.code, 'config')
      assert.doesNotMatch(failure.message + failure.stack, /testProbe/)
    }
    assert.deepEqual(gateway.calls, [])
  })
})

describe('hostile bodies', () => {
  test('a quoted key is hidden in every form', async () => {
    const bare = KEY.slice(3)
    const others = 'sk-test-0123456789 AIzaSyTest0123456789abcdefghij'
    gateway.answer = error(401, {
      code: `bad ${bare}`,
      message: `${others} ${'x'.repeat(420)} Bearer ${KEY} ${bare}`,
    })
    const text = JSON.stringify(await ask())
    assert.doesNotMatch(text, /Probe0123|0123456789/)
    assert.match(text, /\[secret\]/)
  })

  test('only 64 KiB are read, also of a body without end', async (t) => {
    let written = 0
    const endless = await startFakeServer((socket) => {
      socket.write('HTTP/1.1 500 Error\r\ncontent-type: application/json\r\n\r\n{"error":"')
      const chunk = 'x'.repeat(16_384)
      const pour = () => {
        while (!socket.destroyed && socket.writable) {
          written += chunk.length
          if (!socket.write(chunk)) return void socket.once('drain', pour)
        }
      }
      pour()
    })
    t.after(() => endless.close())
    const result = await ask({ url: new URL(`http://127.0.0.1:${endless.port}`) })
    assert.deepEqual([result.cause, result.message], ['relay-failed', null])
    assert.ok(written < 32 * 1024 * 1024)
  })

  test('other shapes are no error of ours', async () => {
    for (const body of ['', 'null', '[]', '{"error":[]}', '{"error":{"code":{}}}', '{', '7']) {
      gateway.answer = { status: 500, body }
      const { cause, code, message } = await ask()
      assert.deepEqual([cause, code, message], ['relay-failed', null, null], body)
    }
  })

  test('the report is one line for each value, without anything active', async () => {
    for (const value of hostileValues(120)) {
      gateway.answer = error(500, { code: value, message: value })
      const result = await ask({ model: value })
      for (const texts of [ENGLISH, CHINESE]) {
        const text = renderProbe({ ...result, path: `/${value}` }, texts)
        const shown = [result.code, result.message].filter((one) => one !== null).length
        const lines = text.split('\n')
        assert.equal(lines.length, 4 + shown + (result.rules.length > 0 ? 1 : 0))
        for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u)
      }
    }
  })
})

test('both languages have a text for every cause', () => {
  for (const texts of [ENGLISH, CHINESE]) {
    assert.deepEqual(Object.keys(texts.causes).toSorted(), PROBE_CAUSES.toSorted())
    for (const { title, advice } of Object.values(texts.causes)) assert.ok(title && advice)
  }
  assert.deepEqual(Object.keys(ENGLISH).toSorted(), Object.keys(CHINESE).toSorted())
})
