import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import {
  CONNECT_BACKOFF,
  jitteredDelay,
  LOCK_BACKOFF,
  pollUntil,
} from '../../src/database/backoff.ts'
import { Serial } from '../../src/database/serial.ts'

test('a delay lies between nothing and a bound that doubles', () => {
  const attempts = fc.integer({ min: 1, max: 10_000 })
  fc.assert(
    fc.property(fc.constantFrom(LOCK_BACKOFF, CONNECT_BACKOFF), attempts, (backoff, attempt) => {
      const delay = jitteredDelay(backoff, attempt)
      const bound = Math.min(backoff.lastMs, backoff.firstMs * 2 ** (attempt - 1))
      assert.ok(delay >= 1 && delay <= bound)
    }),
  )
})

const QUICK = { firstMs: 1, lastMs: 5 }

test('polling stops at the first value', async () => {
  const value = await pollUntil({ timeoutMs: 10_000, backoff: QUICK }, async ({ number }) =>
    number === 3 ? 'value' : null,
  )
  assert.equal(value, 'value')
})

test('polling without time is one attempt', async () => {
  const attempts: number[] = []
  const value = await pollUntil(
    { timeoutMs: 0, backoff: QUICK },
    async ({ number, remainingMs }) => {
      attempts.push(number)
      assert.equal(remainingMs, 0)
      return null
    },
  )
  assert.deepEqual([value, attempts], [null, [1]])
})

test('polling makes a last attempt at the deadline', async () => {
  let last = Infinity
  await pollUntil({ timeoutMs: 50, backoff: QUICK }, async ({ remainingMs }) => {
    last = remainingMs
    return null
  })
  assert.equal(last, 0)
})

test('a signal ends the wait', async () => {
  const signal = AbortSignal.timeout(20)
  const slow = { firstMs: 60_000, lastMs: 60_000 }
  const polling = pollUntil({ timeoutMs: 600_000, backoff: slow, signal }, async () => null)
  await assert.rejects(polling, { name: 'AbortError' })
})

test('serial tasks keep their order, whatever becomes of each', async () => {
  const serial = new Serial()
  const events: string[] = []
  const task = (name: string, waitMs: number) => () =>
    sleep(waitMs).then(() => {
      events.push(name)
      if (name === 'b') throw new Error('made up')
      return name
    })
  const results = await Promise.allSettled([
    serial.run(task('a', 20)),
    serial.run(task('b', 0)),
    serial.run(task('c', 0)),
  ])
  assert.deepEqual(events, ['a', 'b', 'c'])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(serial.idle, true)
})
