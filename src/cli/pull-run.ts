import type { Plan } from '../apply/plan.ts'
import { confirm } from './confirm.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { type DraftEnds, withDraft } from './plan-input.ts'
import { isEmptyPlan, printPlan, printWritten } from './plan-output.ts'
import { PullTarget } from './pull-target.ts'
import { prepare, type Ready } from './push-run.ts'
import { prepareReload, reportAndReload } from './reload.ts'
import { writePlan } from './write-plan.ts'

/** What `pull` does. */
export async function runPull(context: Context): Promise<void> {
  const isDry = context.flag('dry-run')
  const target = new PullTarget(context, isDry)
  const ready = await readSides(context, target)
  const reload = prepareReload(context, ready.settings)
  for (const warning of ready.warnings) context.output.warn(warning)
  const isEmpty = isEmptyPlan(ready.plan)
  if (!isDry && isEmpty) await target.make()
  const isAsked = mustAsk(context, ready.plan)
  if (!context.output.json || isDry || isEmpty) {
    printPlan(context, ready, { brief: !isDry && !isAsked })
  }
  if (isDry && ready.plan.items.length > 0) context.exitCode = EXIT_CODES.found
  if (isDry || isEmpty) return
  if (isAsked && !(await confirm(context, `Write this to ${ready.plan.target.environment}?`))) {
    context.output.note('nothing was written')
    return
  }
  await target.make()
  const run = await writePlan(context, ready, 'pull')
  if (run === null) return
  await reportAndReload(context, reload, () => printWritten(context, ready, run))
}

async function readSides(context: Context, target: PullTarget): Promise<Ready> {
  const options = {
    command: 'pull',
    keeps: false,
    prepare: (ends: DraftEnds) => target.prepare(ends),
  } as const
  try {
    return await withDraft(context, options, (draft) => prepare(context, draft, draft.plan()))
  } finally {
    target.discard()
  }
}

/** The local database is a developer's own; its rows are only lost when that is asked for. */
function mustAsk(context: Context, { target, items }: Plan): boolean {
  const hasDeletes = items.some(({ operation }) => operation === 'delete')
  return target.environment !== 'local' || hasDeletes || context.flag('overwrite')
}
