import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'

/** What `undo` does. */
export async function runUndo(_context: Context): Promise<void> {
  throw new TidegateError('internal', 'undo is being built')
}
