import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `plan` does. */
export async function runPlan(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'plan is being built')
}
