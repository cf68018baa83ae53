import { newRun } from '../../apply/run.ts'
import type { Settings } from '../../config/settings.ts'
import { channelVisibility } from '../../gateway/visibility.ts'
import type { SeedFacts } from '../../report/model.ts'
import { countOutcomes, describeRow, renderSeedPlan } from '../../report/seeds.ts'
import { renderTable } from '../../report/table.ts'
import { applySeeds } from '../../seed/apply.ts'
import { planSeeds, type SeedPlan, type SeedPlanInput } from '../../seed/plan.ts'
import { Fingerprinter } from '../../snapshot/fingerprint.ts'
import type { CommandDefinition } from '../command.ts'
import { type Context, runFacts } from '../context.ts'
import { type ConnectOptions, withDatabase } from '../with-database.ts'
import { EXIT_CODES } from '../exit-codes.ts'
import { LOCK_OPTION, RELOAD_OPTION, SEED_OPTIONS } from '../options.ts'
import { prepareReload, reportAndReload } from '../reload.ts'
import { parseAdoptions, prepareSeeds, seedApplyInput } from '../seed-input.ts'
import { seedFacts } from '../seed-report.ts'

export const seedCommands: readonly CommandDefinition[] = [
  {
    command: 'plan',
    describe: 'show what the seeds would change; exit 2 when something would',
    options: SEED_OPTIONS,
    examples: [['$0 seed plan --env production', 'look before you write']],
    run: runPlan,
  },
  {
    command: 'apply',
    describe: 'write the seeds; a second run writes nothing',
    options: { ...SEED_OPTIONS, ...LOCK_OPTION, ...RELOAD_OPTION },
    examples: [['$0 seed apply --adopt bltcy-channel=8', 'take channel 8 over']],
    run: runApply,
  },
  {
    command: 'status',
    describe: 'show which seeds are applied, changed since, or new; exit 2 when one is not applied',
    options: SEED_OPTIONS,
    examples: [['$0 seed status --json', 'for a script']],
    run: runStatus,
  },
]

const READ: ConnectOptions = {
  missingFile: 'fail',
  wait: false,
  command: 'seed',
  onLostConnection: 'again',
}

async function runPlan(context: Context): Promise<void> {
  const { plans, version } = await readPlans(context)
  const seeds = plans.map(seedFacts)
  const isPending = plans.some(({ changes }) => changes.length > 0)
  report(context, seeds)
  context.output.data({
    command: 'seed plan',
    status: isPending ? 'pending' : 'settled',
    gateway: version?.label ?? null,
    seeds,
  })
  context.output.text(renderSeedPlan(seeds))
  if (isPending) context.exitCode = EXIT_CODES.found
}

async function readPlans(context: Context) {
  const adoptions = parseAdoptions(context.strings('adopt'))
  const settings = await context.settings()
  const seeds = await prepareSeeds(context, settings)
  const input: Omit<SeedPlanInput, 'database'> = {
    seeds,
    fingerprinter: new Fingerprinter(),
    adoptions,
    reEnable: context.flag('re-enable'),
  }
  return withDatabase(context, settings, READ, (database) => planSeeds({ ...input, database }))
}

async function runApply(context: Context): Promise<void> {
  const adoptions = parseAdoptions(context.strings('adopt'))
  const settings = await context.settings()
  const seeds = await prepareSeeds(context, settings)
  const reload = prepareReload(context, settings)
  const run = newRun(runFacts(settings, 'seed apply'))
  const { plans } = await withDatabase(context, settings, READ, (database) =>
    applySeeds(seedApplyInput(context, settings, { database, seeds, adoptions, run })),
  )
  const seedsAfter = plans.map(seedFacts)
  const isChanged = seedsAfter.some(
    // Written on a connection that was lost, and found in place on the next one.
    ({ rows, lastRun }) =>
      lastRun === run.id || rows.some(({ outcome }) => outcome !== 'unchanged'),
  )
  await reportAndReload(context, isChanged ? reload : null, () =>
    printApplied(context, settings, { run: run.id, seeds: seedsAfter, isChanged }),
  )
}

interface Applied {
  readonly run: string
  readonly seeds: readonly SeedFacts[]
  readonly isChanged: boolean
}

function printApplied(
  context: Context,
  { variables }: Settings,
  { run, seeds, isChanged }: Applied,
): void {
  const { output } = context
  const visibility = channelVisibility(variables)
  report(context, seeds)
  const status = isChanged ? 'changed' : 'unchanged'
  output.data({ command: 'seed apply', status, run, seeds, visibility })
  const rows = seeds.flatMap((seed) => seed.rows)
  output.text([countOutcomes(rows), ...rows.map(describeRow)].join('\n'))
  if (isChanged) output.text(visibility.text)
}

async function runStatus(context: Context): Promise<void> {
  const { plans } = await readPlans(context)
  const seeds = plans.map(statusOf)
  context.output.data({ command: 'seed status', seeds })
  context.output.text(
    seeds.length === 0
      ? 'no seed applies in this environment'
      : renderTable(
          ['seed', 'state', 'rows', 'description'],
          seeds.map(({ name, state, rows, description }) => [name, state, rows, description]),
          context.output,
        ),
  )
  if (seeds.some(({ state }) => state !== 'applied')) context.exitCode = EXIT_CODES.found
}

function statusOf(plan: SeedPlan) {
  const { name, description, state, rows } = seedFacts(plan)
  return {
    name,
    state: state === 'applied' && plan.changes.length > 0 ? 'drifted' : state,
    rows: countOutcomes(rows, {
      created: 'missing',
      updated: 'differing',
      unchanged: 'as declared',
    }),
    description,
  }
}

function report({ output }: Context, seeds: readonly SeedFacts[]): void {
  for (const warning of seeds.flatMap((seed) => seed.warnings)) output.warn(warning)
}
