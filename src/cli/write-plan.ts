import { applyPlan, type ApplyPlanInput } from '../apply/apply-plan.ts'
import { pruneJournal } from '../apply/prune.ts'
import { isRecorded, newRun, type Run } from '../apply/run.ts'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import { StaleError } from '../errors.ts'
import { type Context, runFacts } from './context.ts'
import { withDatabase } from './with-database.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { printStale } from './plan-output.ts'

export interface WriteInput extends Pick<ApplyPlanInput, 'plan' | 'fingerprinter' | 'secrets'> {
  readonly settings: Settings
  /** Called on the connection before anything is written. */
  readonly check?: (database: Database) => Promise<void>
}

/**
 * Writes a plan in one transaction. Null, and exit code 2, when a row is no longer what the plan
 * saw: nothing is written then, and what moved is printed.
 */
export async function writePlan(
  context: Context,
  input: WriteInput,
  command: string,
): Promise<Run | null> {
  const { settings } = input
  const run = newRun(runFacts(settings, command))
  try {
    await withDatabase(
      context,
      settings,
      { missingFile: 'fail', wait: false, command, onLostConnection: 'again' },
      (database) => write(context, input, { database, run }),
    )
    return run
  } catch (error) {
    if (!(error instanceof StaleError)) throw error
    printStale(context, command, error)
    context.exitCode = EXIT_CODES.found
    return null
  }
}

async function write(
  context: Context,
  { settings, plan, fingerprinter, secrets, check }: WriteInput,
  { database, run }: { readonly database: Database; readonly run: Run },
): Promise<void> {
  await check?.(database)
  // On a connection after one whose COMMIT was not answered.
  if (await isRecorded(database, run)) return
  const catalog = await database.catalog()
  const lock = context.lock(settings)
  await applyPlan({ database, catalog, fingerprinter, plan, secrets, run, lock })
  const { journalRuns, journalDays } = settings
  await pruneJournal(database, { keepRuns: journalRuns, keepDays: journalDays }, run.startedAt)
}
