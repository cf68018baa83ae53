import { newRun } from '../../apply/run.ts'
import type { Settings } from '../../config/settings.ts'
import type { Database, Target } from '../../database/contract.ts'
import { channelVisibility } from '../../gateway/visibility.ts'
import { migrateUp } from '../../migrate/runner.ts'
import { countOutcomes, describeRow } from '../../report/seeds.ts'
import { renderTable } from '../../report/table.ts'
import { applySeeds, type SeedApplyResult } from '../../seed/apply.ts'
import type { DeclaredSeed } from '../../seed/declare.ts'
import type { CommandDefinition } from '../command.ts'
import { type Context, describeTarget, runFacts } from '../context.ts'
import { withDatabase } from '../with-database.ts'
import { EXIT_CODES } from '../exit-codes.ts'
import { migrateInput } from '../migrate-input.ts'
import { FLEET_OPTIONS, LOCK_OPTION, RELOAD_OPTION, SEED_OPTIONS, WAIT_OPTION } from '../options.ts'
import { prepareReload, reportAndReload } from '../reload.ts'
import type { RouteProblem } from '../route-problem.ts'
import { parseAdoptions, prepareSeeds, seedApplyInput } from '../seed-input.ts'
import { seedFacts } from '../seed-report.ts'

export const deploy: CommandDefinition = {
  command: 'deploy',
  describe: 'wait for the database, migrate, seed, and check that the rows are as declared',
  options: {
    ...WAIT_OPTION,
    ...LOCK_OPTION,
    ...SEED_OPTIONS,
    ...RELOAD_OPTION,
    ...FLEET_OPTIONS,
    doctor: {
      type: 'boolean',
      default: true,
      describe: 'end with the doctor: exit 2 when a declared model is not routed',
    },
  },
  examples: [
    ['$0 deploy', 'before the gateway starts; safe from any number of replicas'],
    ['$0 deploy --env production --json', 'one JSON object for a pipeline'],
    ["$0 deploy --env 'prod-*' --parallel 8", 'every environment of that name, eight at a time'],
    ['$0 deploy --adopt 8', 'take channel 8 over instead of creating one'],
  ],
  fleet: 'deploy',
  run: runDeploy,
}

async function runDeploy(context: Context): Promise<void> {
  const adoptions = parseAdoptions(context.strings('adopt'))
  const settings = await context.settings()
  const seeds = await prepareSeeds(context, settings)
  const reload = prepareReload(context, settings)
  const started = performance.now()
  const run = newRun(runFacts(settings, 'deploy'))
  const report = await withDatabase(
    context,
    settings,
    { missingFile: 'create', wait: true, command: 'deploy', onLostConnection: 'again' },
    async (database) => {
      const connectMs = Math.round(performance.now() - started)
      const migrations = await migrateUp(migrateInput(context, settings, database, run), {})
      const seeded = await applySeeds(
        seedApplyInput(context, settings, { database, seeds, adoptions, run }),
      )
      return {
        ...describe(settings, connectMs, run.id),
        ...outcome(run.id, migrations, seeded),
        doctor: await checkRoutes(context, settings, database, seeded),
      }
    },
  )
  const wanted = report.status === 'changed' ? reload : null
  await reportAndReload(context, wanted, () => print(context, settings, seeds, report))
}

/** Null with `--no-doctor`. */
async function checkRoutes(
  context: Context,
  settings: Settings,
  database: Database,
  { plans, catalog, version }: SeedApplyResult,
): Promise<RouteProblem[] | null> {
  if (!context.flag('doctor')) return null
  const { routeProblems } = await import('../deploy-doctor.ts')
  return routeProblems(context, settings, { database, plans, catalog, version })
}

function describe(settings: Settings, connectMs: number, runId: string) {
  return {
    command: 'deploy',
    environment: settings.environment,
    database: databaseFacts(settings.target),
    run: runId,
    connectMs,
  }
}

function databaseFacts(target: Target) {
  const { dialect, label } = target
  return { dialect, label, tls: target.dialect === 'postgres' ? target.tls : null }
}

/** Counted from the ledger, so that steps of a connection that was lost count too. */
function outcome(
  runId: string,
  { statuses }: Awaited<ReturnType<typeof migrateUp>>,
  { plans, version, verified }: Awaited<ReturnType<typeof applySeeds>>,
) {
  const applied = statuses.filter(({ record }) => record?.runId === runId).map(({ name }) => name)
  const seeds = plans.map(seedFacts)
  const changed =
    applied.length > 0 ||
    // Written by this run on a connection that was lost, and found in place on the next one.
    seeds.some(({ rows, lastRun }) => lastRun === runId || rows.some(isChanged))
  return {
    status: changed ? ('changed' as const) : ('unchanged' as const),
    gateway: version === null ? null : { version: version.label, evidence: version.evidence },
    migrations: { applied, total: statuses.length },
    seeds,
    verified,
  }
}

function isChanged({ outcome: rowOutcome }: { outcome: string }): boolean {
  return rowOutcome !== 'unchanged'
}

type DeployReport = ReturnType<typeof describe> &
  ReturnType<typeof outcome> & { readonly doctor: readonly RouteProblem[] | null }

function print(
  context: Context,
  settings: Settings,
  declared: readonly DeclaredSeed[],
  report: DeployReport,
): void {
  const { output } = context
  const warnings = report.seeds.flatMap((seed) => seed.warnings)
  for (const warning of warnings) output.warn(warning)
  const visibility = channelVisibility(settings.variables)
  output.data({ ...report, visibility })
  output.text(
    renderTable(['step', 'result', 'detail'], rows(report, settings.target, declared), output),
  )
  if (report.seeds.some((seed) => seed.rows.some(isChanged))) output.text(visibility.text)
  const problems = report.doctor ?? []
  for (const { text } of problems) output.text(`\n${text}`)
  if (problems.length > 0) context.exitCode = EXIT_CODES.found
}

function rows(report: DeployReport, target: Target, declared: readonly DeclaredSeed[]): string[][] {
  const { migrations, seeds, gateway } = report
  const seedRows = seeds.flatMap((seed) => seed.rows)
  return [
    ['connect', `${report.connectMs} ms`, describeTarget(target)],
    ['migrate', applied(migrations), migrations.applied.join(', ') || 'nothing pending'],
    ['seed', countOutcomes(seedRows), seedRows.map(describeRow).join('\n')],
    [
      'check',
      'as declared',
      `${declared.length} ${declared.length === 1 ? 'seed' : 'seeds'} on ${gateway?.version ?? 'an unknown gateway'}`,
    ],
    ...(report.doctor === null ? [] : [doctorRow(report.doctor)]),
  ]
}

function doctorRow(problems: readonly RouteProblem[]): string[] {
  const ids = problems.map(({ rule }) => rule).join(', ')
  return problems.length === 0
    ? ['doctor', 'routed', 'every declared model from every declared group']
    : ['doctor', `${problems.length} ${problems.length === 1 ? 'error' : 'errors'}`, ids]
}

function applied({ applied: names, total }: DeployReport['migrations']): string {
  return names.length === 0 ? `${total} in place` : `${names.length} applied`
}
