import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `apply` does. */
export async function runApply(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'apply is being built')
}
