import { TidegateError } from '../errors.ts'
import type { MigrationFile } from './files.ts'

type Direction = 'up' | 'down' | 'verify'

const CORRECT = 'correct the migration and run the command again'

/** What is left of a migration that failed, for the next step of its error. */
export const NOTHING_KEPT = `${CORRECT}; nothing of it was kept`
export const PART_KEPT = `${CORRECT}; what it did before it failed is still there`

/**
 * Runs a migration's own code. What it throws may quote rows, so only errors of ours keep their
 * words; of any other the kind and the place in the file are told.
 */
export async function inMigration<T>(
  file: MigrationFile,
  direction: Direction,
  body: () => Promise<T>,
  nextStep: string = CORRECT,
): Promise<T> {
  return aroundMigration(file, direction, nextStep, async () => {
    try {
      return await body()
    } catch (error) {
      if (error instanceof TidegateError) throw error
      const kind = error instanceof Error ? error.name : 'a value that is no error'
      const message = `${file.name}: ${direction}() threw ${kind}${placeIn(file, error)}`
      throw new TidegateError('migration', message, { nextStep, cause: error })
    }
  })
}

/** The same for what comes around that code: the COMMIT that fails, the ledger's row. */
export async function aroundMigration<T>(
  file: MigrationFile,
  direction: Direction,
  nextStep: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body()
  } catch (error) {
    throw error instanceof TidegateError ? withMigration(file, direction, nextStep, error) : error
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
  direction: Direction,
  nextStep: string,
  error: TidegateError,
): TidegateError {
  if (!error.message.startsWith(file.name)) {
    error.message = `${file.name}: ${direction}() failed: ${error.message}`
  }
  return error.nextStep === undefined ? Object.assign(error, { nextStep }) : error
}
