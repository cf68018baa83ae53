import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../../src/errors.ts'
import { withDeadline } from '../../src/serve/deadline.ts'
import { resultOf } from './results.ts'
import { samples, startChecked, startServing, stuck, until } from './running.ts'

function lost(): DatabaseError {
  const facts = { sqlState: 'ECONNREFUSED', retry: 'connection' } as const
  return new DatabaseError('connection', 'cannot reach secret-host.example', facts)
}

describe('checks', () => {
  it('run one at a time on the interval, however many requests come', async () => {
    let [running, most, count] = [0, 0, 0]
    const server = await startServing({
      intervalMs: 100,
      runCheck: async () => {
        running += 1
        count += 1
        most = Math.max(most, running)
        await sleep(30)
        running -= 1
        return resultOf()
      },
    })
    const startedAt = performance.now()
    while (performance.now() - startedAt < 600) {
      await Promise.all(Array.from({ length: 20 }, () => server.get('/healthz')))
    }
    assert.equal(most, 1)
    assert.ok(count >= 2 && count <= 6, `${count} checks in 0.6 s`)
  })

  it('a failure gives 503 at once, with the age, and a good check ends it', async () => {
    let isDown = false
    const server = await startChecked({
      intervalMs: 60,
      runCheck: async () => {
        if (isDown) throw lost()
        return resultOf()
      },
    })
    isDown = true
    await until(async () => (await server.get('/healthz')).status === 503)
    for (const path of ['/healthz', '/readyz', '/']) {
      const response = await server.get(path)
      assert.equal(response.status, 503, path)
      const body = (await response.json()) as Record<string, unknown>
      assert.equal(body['message'], 'the last check failed (connection)')
      assert.equal(typeof body['last_good_age_seconds'], 'number')
    }
    assert.deepEqual(await samples(server, 'tidegate_last_check_failed'), new Map([['', 1]]))
    assert.deepEqual(await samples(server, 'tidegate_bltcy_channels'), new Map([['', 1]]))
    const before = (await samples(server, 'tidegate_check_age_seconds')).get('')!
    await until(async () => (await samples(server, 'tidegate_check_age_seconds')).get('')! > before)
    isDown = false
    await until(async () => (await server.get('/healthz')).status === 200)
    assert.deepEqual(await samples(server, 'tidegate_last_check_failed'), new Map([['', 0]]))
    assert.ok((await samples(server, 'tidegate_checks_total')).get('{outcome="failed"}')! > 0)
  })

  it('a failure that is not ours is one too, and does not tell its text', async () => {
    const server = await startChecked({
      runCheck: async () => {
        throw new Error('row sk-test-0123456789abcdef')
      },
    })
    const body = (await (await server.get('/healthz')).json()) as Record<string, unknown>
    assert.deepEqual(body, {
      status: 'error',
      message: 'the last check failed (internal)',
      last_good_age_seconds: null,
    })
    assert.deepEqual(await samples(server, 'tidegate_bltcy_channels'), new Map())
  })

  it('is overdue when the answer is older than two intervals', async () => {
    let isStuck = false
    const server = await startChecked({
      intervalMs: 100,
      runCheck: async (signal) => (isStuck ? stuck(signal) : resultOf()),
    })
    isStuck = true
    await until(async () => (await server.get('/healthz')).status === 503)
    const body = (await (await server.get('/readyz')).json()) as Record<string, unknown>
    assert.equal(body['message'], 'the check is overdue')
    assert.ok(Number(body['last_good_age_seconds']) >= 0.2)
  })

  it('repeats a failed check within the interval, never more often than it backs off', async () => {
    let attempts = 0
    const server = await startServing({
      intervalMs: 60_000,
      runCheck: async () => {
        attempts += 1
        if (attempts === 1) throw lost()
        return resultOf()
      },
    })
    await until(async () => (await server.get('/readyz')).status === 200)
    assert.equal(attempts, 2)
  })
})

describe('deadline', () => {
  const never = new AbortController().signal

  it('ends a check that takes too long with an error that says so', async () => {
    const body = (signal: AbortSignal) => sleep(5_000, undefined, { signal })
    await assert.rejects(withDeadline(never, 20, body), { message: /took longer than 0.02 s/ })
  })

  it('leaves other errors and results alone', async () => {
    assert.equal(await withDeadline(never, 1_000, async () => 'done'), 'done')
    await assert.rejects(
      withDeadline(never, 1_000, async () => {
        throw lost()
      }),
      { code: 'connection' },
    )
  })
})
