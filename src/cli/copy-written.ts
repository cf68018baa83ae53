import { TidegateError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import type { Context } from './context.ts'
import type { CopyEnds } from './copy-run.ts'
import { describeError } from './output.ts'

/** What compares the two sides again. */
export function driftCommand({ from, to }: CopyEnds): string {
  return `tidegate drift --from ${shellWord(from.name)} --to ${shellWord(to.name)}`
}

/**
 * Runs `body`, which says when the rows are committed. From then on SIGINT and SIGTERM end it, and
 * not the process, because somebody has to say where the rows are.
 * @throws TidegateError that says so, whatever ended `body` after that.
 */
export async function tellWritten<T>(
  context: Context,
  ends: CopyEnds,
  body: (onWritten: () => void) => Promise<T>,
): Promise<T> {
  let isWritten = false
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const onWritten = (): void => {
    isWritten = true
    const stop = () => reject(new TidegateError('interrupted', 'it was stopped'))
    context.stopSignal().addEventListener('abort', stop, { once: true })
  }
  try {
    return await Promise.race([body(onWritten), stopped])
  } catch (error) {
    throw isWritten ? unfinished(ends, error) : error
  }
}

function unfinished(ends: CopyEnds, error: unknown): TidegateError {
  const code = error instanceof TidegateError ? error.code : 'internal'
  const { message, details } = describeError(error)
  return new TidegateError(
    code,
    `the rows are in ${ends.to.name}, and only the comparison did not finish: ${message}`,
    { details, cause: error, nextStep: `compare both sides with \`${driftCommand(ends)}\`` },
  )
}
