import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `pull` does. */
export async function runPull(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'pull is being built')
}
