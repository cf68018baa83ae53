import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `restore` does. */
export async function runRestore(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'restore is being built')
}
