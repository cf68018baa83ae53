import type { Plan } from '../apply/plan.ts'
import type { SecretValues } from '../apply/secrets.ts'
import type { Settings } from '../config/settings.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { withFingerprints } from '../sync/secrets.ts'
import { confirm } from './confirm.ts'
import type { Context } from './context.ts'
import { loadValues } from './plan-values.ts'
import { type Draft, type Planned, withDraft } from './plan-input.ts'
import { isEmptyPlan, printPlan, printWritten } from './plan-output.ts'
import { prepareReload, reportAndReload } from './reload.ts'
import { writePlan } from './write-plan.ts'

/** A plan with all that is needed to write it. */
export interface Ready extends Planned {
  readonly settings: Settings
  readonly fingerprinter: Fingerprinter | null
  readonly secrets: SecretValues
}

/** What `push` does. */
export async function runPush(context: Context): Promise<void> {
  const ready = await withDraft(context, { command: 'push', keeps: false }, async (draft) =>
    prepare(context, draft, await choose(context, draft)),
  )
  const reload = prepareReload(context, ready.settings)
  for (const warning of ready.warnings) context.output.warn(warning)
  if (isEmptyPlan(ready.plan)) {
    printPlan(context, ready)
    return
  }
  if (!context.output.json) printPlan(context, ready)
  if (!(await confirm(context, question(ready.plan)))) {
    context.output.note('nothing was written')
    return
  }
  const run = await writePlan(context, ready, 'push')
  if (run === null) return
  await reportAndReload(context, reload, () => printWritten(context, ready, run))
}

async function choose(context: Context, draft: Draft): Promise<Planned> {
  const all = draft.plan()
  if (!context.flag('pick') || all.plan.items.length === 0) return all
  const { pickItems } = await import('./pick.ts')
  return draft.plan(await pickItems(context, all.plan))
}

/** Loads the secrets that the plan refers to, before anything is asked or written. */
export async function prepare(context: Context, draft: Draft, planned: Planned): Promise<Ready> {
  const { settings, fingerprinter } = draft
  const values = draft.values ?? (await loadValues(context, draft, planned.plan))
  const plan =
    fingerprinter === null || draft.values !== null
      ? planned.plan
      : withFingerprints(planned.plan, values, fingerprinter)
  return { ...planned, plan, settings, fingerprinter, secrets: values }
}

function question({ items, target }: Plan): string {
  // A seed whose rows are there already is still to be recorded.
  if (items.length === 0) return `Remember in ${target.environment} that these rows are as planned?`
  const rows = items.length === 1 ? '1 row' : `${items.length} rows`
  return `Write ${rows} to ${target.environment}?`
}
