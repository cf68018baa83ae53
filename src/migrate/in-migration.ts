import { TidegateError } from '../errors.ts'
import type { MigrationFile } from './files.ts'

/**
 * Runs a migration's own code. What it throws may quote rows, so only errors of ours keep their
 * words; of any other the kind and the place in the file are told.
 */
export async function inMigration<T>(
  file: MigrationFile,
  direction: 'up' | 'down' | 'verify',
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body()
  } catch (error) {
    if (error instanceof TidegateError) throw withMigration(file, direction, error)
    const kind = error instanceof Error ? error.name : 'a value that is no error'
    throw new TidegateError(
      'migration',
      `${file.name}: ${direction}() threw ${kind}${placeIn(file, error)}`,
      {
        nextStep:
          'correct the migration and run the command again; the transaction was rolled back',
        cause: error,
      },
    )
  }
}

function placeIn(file: MigrationFile, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(file.path)
  if (at === -1) return ''
  return ` at line ${/^:(\d+)/.exec(stack.slice(at + file.path.length))?.[1] ?? '?'}`
}

/** The same error, its message led by the migration's name; its class decides about retries. */
function withMigration(
  file: MigrationFile,
  direction: 'up' | 'down' | 'verify',
  error: TidegateError,
): TidegateError {
  if (!error.message.startsWith(file.name)) {
    error.message = `${file.name}: ${direction}() failed: ${error.message}`
  }
  return error
}
