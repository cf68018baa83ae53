import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError, type RetryClass } from '../errors.ts'
import { jitteredDelay, LOCK_BACKOFF } from './backoff.ts'

/** Attempts for what a new transaction can cure; everything else fails at once. */
const ATTEMPTS: Partial<Record<RetryClass, number>> = { transaction: 5, lock: 10 }

/**
 * Runs a whole transaction again after a serialization failure, a deadlock or a lock timeout. The
 * body must read again whatever it decides by.
 */
export async function retryTransaction<T>(body: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await body()
    } catch (error) {
      const limit = error instanceof DatabaseError ? (ATTEMPTS[error.facts.retry] ?? 1) : 1
      if (attempt >= limit) throw error
      await sleep(jitteredDelay(LOCK_BACKOFF, attempt))
    }
  }
}
