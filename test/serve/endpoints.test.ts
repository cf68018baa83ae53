import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { resultOf } from './results.ts'
import { startChecked, startServing, stuck, TOKEN } from './running.ts'

const NO_BLTCY = '{"status":"error","message":"Bltcy渠道未配置"}'

describe('health', () => {
  const cases = [
    {
      name: 'one channel',
      bltcyChannels: 1,
      status: 200,
      body: '{"status":"ok","bltcy_channels":1}',
    },
    { name: 'three', bltcyChannels: 3, status: 200, body: '{"status":"ok","bltcy_channels":3}' },
    { name: 'none', bltcyChannels: 0, status: 500, body: NO_BLTCY },
  ]
  for (const { name, bltcyChannels, status, body } of cases) {
    it(`answers for ${name}`, async () => {
      const server = await startChecked({ runCheck: async () => resultOf({ bltcyChannels }) })
      const response = await server.get('/healthz')
      assert.equal(response.status, status)
      assert.equal(await response.text(), body)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
      assert.equal((await server.get('/readyz')).status, 200)
    })
  }

  it('is not ok before the first check has ended', async () => {
    const server = await startServing({ runCheck: stuck })
    for (const path of ['/healthz', '/readyz', '/']) {
      const response = await server.get(path)
      assert.equal(response.status, 503, path)
      assert.deepEqual(await response.json(), {
        status: 'error',
        message: 'the first check has not ended yet',
        last_good_age_seconds: null,
      })
    }
  })
})

describe('without a token', () => {
  it('shows counts and no name', async () => {
    const server = await startChecked()
    const page = await server.get('/')
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /^text\/plain/)
    const text = await page.text()
    assert.match(text, /^unhealthy: critical 0, error 1, warning 2, info 0\n/)
    assert.match(text, /unroutable pairs: 2 of 3, Bltcy channels: 1, checked \d+ s ago/)
    const metrics = await (await server.get('/metrics')).text()
    assert.match(metrics, /^tidegate_unroutable_pairs 2$/m)
    for (const name of ['runway', 'pika', 'default', 'vip', 'db.example', 'gateway']) {
      assert.ok(!text.includes(name), `/ says ${name}`)
      assert.ok(!metrics.includes(`"${name}"`), `/metrics says ${name}`)
    }
  })
})

describe('with a token', () => {
  const headersOf = (authorization: string): RequestInit => ({ headers: { authorization } })
  const cases = [
    { name: 'no header', init: {}, status: 401 },
    { name: 'another token', init: headersOf('Bearer made-up-token-0123456780'), status: 401 },
    { name: 'a prefix of it', init: headersOf(`Bearer ${TOKEN.slice(0, -1)}`), status: 401 },
    { name: 'more than it', init: headersOf(`Bearer ${TOKEN}0`), status: 401 },
    { name: 'the token and a word', init: headersOf(`Bearer ${TOKEN} x`), status: 401 },
    { name: 'another scheme', init: headersOf(`Basic ${TOKEN}`), status: 401 },
    { name: 'an empty one', init: headersOf('Bearer '), status: 401 },
    { name: 'the token', init: headersOf(`Bearer ${TOKEN}`), status: 200 },
    { name: 'the scheme in lower case', init: headersOf(`bearer ${TOKEN}`), status: 200 },
  ]
  for (const { name, init, status } of cases) {
    it(`${name}: ${status}`, async () => {
      const server = await startChecked({ token: TOKEN })
      for (const path of ['/', '/metrics']) {
        const response = await server.get(path, init)
        assert.equal(response.status, status, path)
        const text = await response.text()
        assert.equal(text.includes('runway'), status === 200, path)
        const challenge = status === 401 ? 'Bearer realm="tidegate"' : null
        assert.equal(response.headers.get('www-authenticate'), challenge)
        assert.ok(!text.includes(TOKEN))
      }
      for (const path of ['/healthz', '/readyz']) {
        assert.equal((await server.get(path, init)).status, 200, path)
      }
    })
  }
})

describe('requests', () => {
  const PATHS = ['/', '/healthz', '/readyz', '/metrics']

  it('HEAD is GET without the body', async () => {
    const server = await startChecked()
    for (const path of PATHS) {
      const [get, head] = await Promise.all([
        server.get(path),
        server.get(path, { method: 'HEAD' }),
      ])
      assert.equal(head.status, 200, path)
      assert.equal(head.headers.get('content-type'), get.headers.get('content-type'))
      assert.equal(await head.text(), '')
    }
  })

  it('refuses other methods and other paths in JSON', async () => {
    const server = await startChecked()
    for (const path of PATHS) {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        const response = await server.get(path, { method })
        assert.equal(response.status, 405, `${method} ${path}`)
        assert.equal(response.headers.get('allow'), 'GET, HEAD')
        assert.equal(((await response.json()) as { status: string }).status, 'error')
      }
    }
    for (const path of [
      '/health',
      '/healthz/',
      '/%2f',
      '/metrics/x',
      '/%2e%2e/etc/passwd',
      '/%ff',
    ]) {
      const response = await server.get(path)
      assert.equal(response.status, 404, path)
      assert.equal(((await response.json()) as { status: string }).status, 'error')
    }
  })

  it('every answer says how a browser has to treat it, and none invites another origin', async () => {
    const server = await startChecked({ token: TOKEN })
    const init = { headers: { origin: 'https://evil.example' } }
    for (const path of [...PATHS, '/nothing']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const { headers } = await server.get(path, { ...init, method })
        assert.equal(headers.get('x-content-type-options'), 'nosniff')
        assert.equal(headers.get('x-frame-options'), 'DENY')
        assert.equal(headers.get('referrer-policy'), 'no-referrer')
        assert.equal(headers.get('cache-control'), 'no-store')
        assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none';/)
        assert.equal(headers.get('access-control-allow-origin'), null)
        assert.equal(headers.get('x-powered-by'), null)
      }
    }
  })

  it('are told with the path and not with the query', async () => {
    const server = await startChecked()
    await server.get('/healthz?key=sk-test-0123456789abcdef')
    await server.get('/x%0a::error::y')
    assert.deepEqual(
      server.requests.map(({ method, path, status }) => [method, path, status]),
      [
        ['GET', '/healthz', 200],
        ['GET', '/x\n::error::y', 404],
      ],
    )
  })

  it('a page that cannot be made is told to the operator and not to the client', async () => {
    const fault = new Error('row sk-test-0123456789abcdef')
    const page = () => Promise.reject(fault)
    const server = await startChecked({ token: TOKEN, runCheck: async () => resultOf({ page }) })
    const response = await server.get('/', { headers: { authorization: `Bearer ${TOKEN}` } })
    assert.equal(response.status, 500)
    assert.equal(
      await response.text(),
      '{"status":"error","message":"the answer could not be made"}',
    )
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.deepEqual(server.faults, [fault])
  })

  it('survives what is no HTTP', async () => {
    const server = await startChecked()
    const { port } = new URL(server.url)
    for (const text of [
      '\0\x01\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
        socket.on('error', () => undefined).on('close', () => resolve())
        socket.on('data', () => socket.end())
      })
    }
    assert.equal((await server.get('/healthz')).status, 200)
  })
})
