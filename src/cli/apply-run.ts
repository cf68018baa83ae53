import { resolve } from 'node:path'
import { assertUsable, readPlanFile } from '../apply/plan-file.ts'
import { assertTarget } from '../apply/plan-target.ts'
import type { Plan } from '../apply/plan.ts'
import { readTargetIdentity } from '../apply/target-identity.ts'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { shownGiven } from '../sync/given.ts'
import type { Context } from './context.ts'
import { readFingerprinter } from './fingerprint-key.ts'
import { settingsOf } from './plan-input.ts'
import { readPlanKey } from './plan-key.ts'
import { isEmptyPlan, printPlan, printWritten } from './plan-output.ts'
import { loadValues } from './plan-values.ts'
import { prepareReload, reportAndReload } from './reload.ts'
import { resolveSide } from './sides.ts'
import { writePlan } from './write-plan.ts'

/** What `apply` does. All that needs no connection is checked first. */
export async function runApply(context: Context): Promise<void> {
  const file = context.string('file') ?? ''
  const shown = shownGiven(file, 'file')
  const document = await readPlanFile(resolve(context.cwd, file), shown)
  const { plan } = document
  const settings = await settingsFor(context, plan)
  const key = readPlanKey(context, settings)
  assertUsable(document, { key, now: new Date(), shown })
  const fingerprinter = fingerprinterOf(context, settings, plan)
  const secrets = await loadValues(context, { settings, source: null }, plan)
  const reload = prepareReload(context, settings)
  const facts = { plan, left: [] }
  const { output } = context
  if (!output.json || isEmptyPlan(plan)) printPlan(context, facts, { command: 'apply' })
  if (isEmptyPlan(plan)) return
  output.text('')
  const check = (database: Database): Promise<void> => checkTarget(database, plan)
  const input = { settings, plan, fingerprinter, secrets, check }
  const run = await writePlan(context, input, 'apply')
  if (run === null) return
  await reportAndReload(context, reload, () => printWritten(context, facts, run))
}

/** Of the environment that the plan is for. */
async function settingsFor(context: Context, { target }: Plan): Promise<Settings> {
  const { environment } = target
  const named = context.string('env')
  if (named !== undefined && named !== environment) {
    throw new TidegateError('plan', `the plan is for ${environment}, and --env says ${named}`, {
      nextStep: 'leave --env out, or apply the plan that was made for that environment',
    })
  }
  const settings = await context.settings()
  const side = resolveSide(context, settings, environment)
  if (side.kind === 'database') return settingsOf(settings, side)
  throw new TidegateError('plan', 'the plan is for no environment')
}

/** The one that the fingerprints in the plan were made with. */
function fingerprinterOf(
  context: Context,
  settings: Settings,
  { keyId }: Plan,
): Fingerprinter | null {
  if (keyId === null) return null
  const fingerprinter = readFingerprinter(context, settings)
  if (fingerprinter?.keyId === keyId) return fingerprinter
  const which = fingerprinter === null ? 'which is not set' : 'and another one is set'
  throw new TidegateError(
    'plan',
    `the plan knows secrets by the fingerprint key ${keyId}, ${which}`,
    { nextStep: 'set TIDEGATE_FINGERPRINT_KEY as it was set for `tidegate plan`' },
  )
}

async function checkTarget(database: Database, plan: Plan): Promise<void> {
  const catalog = await database.catalog()
  const target = await readTargetIdentity(database, catalog, plan.target.environment)
  assertTarget(plan, target, catalog)
}
