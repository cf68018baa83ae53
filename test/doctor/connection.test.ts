import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionTiming } from '../../src/database/contract.ts'
import { measureConnection } from '../../src/doctor/connection.ts'

const sample = (total: number, parts: Partial<ConnectionTiming> = {}): ConnectionTiming => {
  return { dns: null, tcp: null, tls: null, authentication: null, query: 1, ...parts, total }
}

const CASES = [
  {
    name: 'five, out of order: the middle one of each part by itself',
    samples: [
      sample(9, { tcp: 1, query: 5 }),
      sample(100, { tcp: 5, query: 1 }),
      sample(3, { tcp: 4, query: 2 }),
      sample(7, { tcp: 2, query: 4 }),
      sample(20, { tcp: 3, query: 3 }),
    ],
    median: sample(9, { tcp: 3, query: 3 }),
  },
  {
    name: 'an even number: between the two',
    samples: [sample(4), sample(10)],
    median: sample(7),
  },
  {
    name: 'a part that only some have is of those',
    samples: [sample(1, { dns: 8 }), sample(2), sample(3, { dns: 2 })],
    median: sample(2, { dns: 5 }),
  },
  { name: 'one', samples: [sample(5, { tls: 4 })], median: sample(5, { tls: 4 }) },
]

for (const { name, samples, median } of CASES) {
  test(name, async () => {
    const left = [...samples]
    const facts = await measureConnection(async () => left.shift()!, samples.length)
    assert.deepEqual(facts, { samples, medianMs: median.total, median })
  })
}

test('takes five, one after the other, and throws what one throws', async () => {
  let open = 0
  let taken = 0
  const facts = await measureConnection(async () => {
    open += 1
    assert.equal(open, 1)
    await Promise.resolve()
    open -= 1
    return sample((taken += 1))
  })
  assert.deepEqual([facts.samples.length, facts.medianMs], [5, 3])
  await assert.rejects(
    measureConnection(() => Promise.reject(new Error('lost'))),
    /^Error: lost$/,
  )
})
