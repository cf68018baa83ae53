import { newRun } from '../apply/run.ts'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import type { MigrateInput } from '../migrate/runner.ts'
import { type Context, runFacts } from './context.ts'

export function migrateInput(
  context: Context,
  settings: Settings,
  database: Database,
  run = newRun(runFacts(settings, 'migrate')),
): MigrateInput {
  return {
    database,
    folder: settings.migrationsFolder,
    gateway: settings.gateway,
    run,
    lock: context.lock(settings),
    onStep: ({ name, direction, durationMs }) =>
      context.output.note(
        `${direction === 'up' ? 'applied' : 'reverted'} ${name} (${durationMs} ms)`,
      ),
  }
}
