import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `push` does. */
export async function runPush(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'push is being built')
}
