import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { DatabaseError, TidegateError } from '../../src/errors.ts'

/** What a call that must fail throws: an error of tidegate's. */
export async function failureOf(attempt: Promise<unknown> | (() => Promise<unknown>)) {
  const promise = typeof attempt === 'function' ? attempt() : attempt
  const outcome = await promise.then(
    () => null,
    (error: unknown) => ({ error }),
  )
  assert.ok(outcome, 'it did not fail')
  const { error } = outcome
  assert.ok(error instanceof TidegateError, `not an error of tidegate's: ${inspect(error)}`)
  return error
}

/** The same, for a failed statement or connection. */
export async function databaseFailureOf(
  attempt: Promise<unknown> | (() => Promise<unknown>),
): Promise<DatabaseError> {
  const error = await failureOf(attempt)
  assert.ok(error instanceof DatabaseError, `not a DatabaseError: ${inspect(error)}`)
  return error
}

/** Everything that could be printed of an error. */
export function everythingOf(error: Error): string {
  const { message, stack, cause } = error
  const fields = JSON.stringify({ ...error, message, stack, cause })
  return [inspect(error, { depth: 10, showHidden: true }), fields, String(error)].join('\n')
}
