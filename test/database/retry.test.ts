import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryTransaction } from '../../src/database/retry.ts'
import { DatabaseError, RETRY_CLASSES, type RetryClass } from '../../src/errors.ts'

const ATTEMPTS: Readonly<Record<RetryClass, number>> = {
  connection: 1,
  transaction: 5,
  lock: 10,
  never: 1,
}

for (const retry of RETRY_CLASSES) {
  test(`${retry}: ${ATTEMPTS[retry]} attempts`, async () => {
    const failure = new DatabaseError('database', 'made up', { sqlState: null, retry })
    let attempts = 0
    const body = async () => {
      attempts += 1
      throw failure
    }
    await assert.rejects(retryTransaction(body), (error) => error === failure)
    assert.equal(attempts, ATTEMPTS[retry])
  })
}

test('what another attempt cures is cured', async () => {
  let attempts = 0
  const result = await retryTransaction(async () => {
    attempts += 1
    if (attempts === 3) return 'result'
    throw new DatabaseError('database', 'made up', { sqlState: '40001', retry: 'transaction' })
  })
  assert.deepEqual([result, attempts], ['result', 3])
})
