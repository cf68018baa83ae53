import { existsSync } from 'node:fs'
import type { Plan } from '../apply/plan.ts'
import type { Settings } from '../config/settings.ts'
import type { Catalog } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { recogniseVersion } from '../gateway/versions.ts'
import { migrateUp } from '../migrate/runner.ts'
import { confirm } from './confirm.ts'
import type { Context } from './context.ts'
import { withDatabase } from './with-database.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { migrateInput } from './migrate-input.ts'
import { type DraftEnds, withDraft } from './plan-input.ts'
import { isEmptyPlan, printPlan, printWritten } from './plan-output.ts'
import { prepare } from './push-run.ts'
import { prepareReload, reportAndReload } from './reload.ts'
import { writePlan } from './write-plan.ts'

/** What `pull` does. */
export async function runPull(context: Context): Promise<void> {
  const isDry = context.flag('dry-run')
  const options = {
    command: 'pull',
    keeps: false,
    prepare: (ends: DraftEnds) => prepareTarget(context, ends, isDry),
  } as const
  const ready = await withDraft(context, options, (draft) => prepare(context, draft, draft.plan()))
  const reload = prepareReload(context, ready.settings)
  for (const warning of ready.warnings) context.output.warn(warning)
  if (isDry || isEmptyPlan(ready.plan)) {
    printPlan(context, ready)
    if (ready.plan.items.length > 0) context.exitCode = EXIT_CODES.found
    return
  }
  if (isAsked(context, ready.plan)) {
    if (!context.output.json) printPlan(context, ready)
    if (!(await confirm(context, `Write this to ${ready.plan.target.environment}?`))) {
      context.output.note('nothing was written')
      return
    }
  }
  const run = await writePlan(context, ready, 'pull')
  if (run === null) return
  await reportAndReload(context, reload, () => printWritten(context, ready, run))
}

/** The local database is a developer's own; its rows are only lost when that is asked for. */
function isAsked(context: Context, { target, items }: Plan): boolean {
  const isLoss = items.some(({ operation }) => operation === 'delete') || context.flag('overwrite')
  return target.environment !== 'local' || isLoss
}

/** A machine that has no database yet gets one, as `deploy` makes it. */
async function prepareTarget(
  context: Context,
  { settings, to, catalog }: DraftEnds,
  isDry: boolean,
): Promise<void> {
  const isMissing = to.target.dialect === 'sqlite' && !existsSync(to.target.path)
  if (isDry && isMissing) {
    throw new TidegateError('usage', `there is no file ${to.target.label} to compare with`, {
      nextStep: 'run it without --dry-run: the file is made, and nothing else is touched',
    })
  }
  if (!isDry) await migrate(context, isMissing ? likeSource(settings, catalog) : settings)
}

/** A new database gets the tables of the gateway that its rows come from. */
function likeSource(settings: Settings, catalog: Catalog): Settings {
  const version = recogniseVersion(catalog)
  return version?.family === 'bltcy-fork' ? { ...settings, gateway: version.family } : settings
}

async function migrate(context: Context, settings: Settings): Promise<void> {
  await withDatabase(
    context,
    settings,
    { missingFile: 'create', wait: false, command: 'pull', onLostConnection: 'again' },
    (database) => migrateUp(migrateInput(context, settings, database), {}),
  )
}
