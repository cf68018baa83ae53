import { TidegateError } from '../errors.ts'

/**
 * Calls `body` with a signal that fires when `signal` does, or after so many milliseconds.
 * @throws TidegateError `interrupted` instead of whatever the body throws once its time is over.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  milliseconds: number,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // `AbortSignal.any` would leave something behind in the long-lived signal at every call.
  const deadline = new AbortController()
  const stop = () => deadline.abort()
  signal.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(stop, milliseconds)
  try {
    return await body(deadline.signal)
  } catch (error) {
    throw deadline.signal.aborted && !signal.aborted ? timedOut(milliseconds, error) : error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function timedOut(milliseconds: number, cause: unknown): TidegateError {
  return new TidegateError('interrupted', `the check took longer than ${milliseconds / 1000} s`, {
    nextStep: 'choose a longer --interval: a check may take as long as that',
    cause,
  })
}
