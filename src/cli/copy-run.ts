import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `copy` does. */
export async function runCopy(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'copy is being built')
}
