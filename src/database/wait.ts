import { DatabaseError, TidegateError, type RetryClass } from '../errors.ts'
import { CONNECT_BACKOFF, describeWait, pollUntil } from './backoff.ts'
import type { Database, OpenOptions, Target } from './contract.ts'
import { openDatabase } from './open.ts'

export interface WaitOptions extends OpenOptions {
  /** Milliseconds until it is given up; 0 is a single attempt. */
  readonly waitMs: number
  /** Called after each failed attempt (from 1) that will be repeated. */
  readonly onRetry?: (attempt: number, reason: DatabaseError) => void
  readonly signal?: AbortSignal
}

// A missing password or a name on the certificate does not mend itself; a starting server does,
// and so does a SQLite file that another program has locked.
const WORTH_WAITING: ReadonlySet<RetryClass> = new Set<RetryClass>(['connection', 'lock'])

/**
 * Opens the database, and while it is not there yet tries again until `waitMs` have passed. Fails
 * at once on what waiting does not mend: password, TLS, a wrong database, a missing file.
 * @throws DatabaseError the last reason; TidegateError `interrupted` when the signal fires
 */
export async function waitForDatabase(target: Target, options: WaitOptions): Promise<Database> {
  const { waitMs, onRetry, signal, ...open } = options
  const startedAt = performance.now()
  let reason: DatabaseError | undefined
  let attempts = 0
  const policy = { timeoutMs: waitMs, backoff: CONNECT_BACKOFF, signal }
  const database = await pollUntil(policy, async (attempt) => {
    attempts = attempt.number
    try {
      return await openDatabase(target, boundedBy(open, attempt))
    } catch (error) {
      reason = retryable(error)
      if (performance.now() - startedAt < waitMs) onRetry?.(attempts, reason)
      return null
    }
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted(target) : error
  })
  if (database !== null) return database
  throw gaveUp(reason!, attempts, performance.now() - startedAt)
}

/** A connect timeout that does not outlive the deadline by much. */
function boundedBy(open: OpenOptions, attempt: { number: number; remainingMs: number }) {
  if (attempt.number === 1) return open
  const connectTimeoutMs = Math.min(open.connectTimeoutMs, Math.max(1000, attempt.remainingMs))
  return { ...open, connectTimeoutMs }
}

function retryable(error: unknown): DatabaseError {
  if (error instanceof DatabaseError && WORTH_WAITING.has(error.facts.retry)) return error
  throw error
}

function gaveUp(reason: DatabaseError, attempts: number, waitedMs: number): DatabaseError {
  if (attempts === 1) return reason
  const tried = `${attempts} attempts in ${describeWait(waitedMs)}`
  const code = reason.code as 'connection' | 'database' | 'lock-busy'
  return new DatabaseError(code, `${reason.message} (${tried})`, reason.facts, reason.nextStep)
}

function interrupted(target: Target): TidegateError {
  return new TidegateError('interrupted', `interrupted while waiting for ${target.label}`)
}
