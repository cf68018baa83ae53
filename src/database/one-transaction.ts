import { TidegateError } from '../errors.ts'

/** Runs the one transaction that a connection can hold. @throws TidegateError when one is open. */
export async function inOneTransaction<T>(
  session: { inTransaction: boolean },
  run: () => Promise<T>,
): Promise<T> {
  if (session.inTransaction) {
    throw new TidegateError('internal', 'a transaction was started inside another one')
  }
  session.inTransaction = true
  try {
    return await run()
  } finally {
    session.inTransaction = false
  }
}
