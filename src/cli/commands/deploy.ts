import { newRun } from '../../apply/run.ts'
import type { Settings } from '../../config/settings.ts'
import type { Target } from '../../database/contract.ts'
import { channelVisibility } from '../../gateway/visibility.ts'
import { migrateUp } from '../../migrate/runner.ts'
import { countOutcomes, describeRow } from '../../report/seeds.ts'
import { renderTable } from '../../report/table.ts'
import { applySeeds } from '../../seed/apply.ts'
import type { DeclaredSeed } from '../../seed/declare.ts'
import type { CommandDefinition } from '../command.ts'
import { type Context, describeTarget, runFacts, withDatabase } from '../context.ts'
import { migrateInput } from '../migrate-input.ts'
import { LOCK_OPTION, SEED_OPTIONS, WAIT_OPTION } from '../options.ts'
import { parseAdoptions, prepareSeeds, seedApplyInput } from '../seed-input.ts'
import { seedFacts } from '../seed-report.ts'

export const deploy: CommandDefinition = {
  command: 'deploy',
  describe: 'wait for the database, migrate, seed, and check that the rows are as declared',
  options: { ...WAIT_OPTION, ...LOCK_OPTION, ...SEED_OPTIONS },
  examples: [
    ['$0 deploy', 'before the gateway starts; safe from any number of replicas'],
    ['$0 deploy --env production --json', 'one JSON object for a pipeline'],
    ['$0 deploy --adopt 8', 'take channel 8 over instead of creating one'],
  ],
  run: runDeploy,
}

async function runDeploy(context: Context): Promise<void> {
  const adoptions = parseAdoptions(context.strings('adopt'))
  const settings = await context.settings()
  const seeds = await prepareSeeds(context, settings)
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
      }
    },
  )
  print(context, settings, seeds, report)
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

type DeployReport = ReturnType<typeof describe> & ReturnType<typeof outcome>

function print(
  { output }: Context,
  settings: Settings,
  declared: readonly DeclaredSeed[],
  report: DeployReport,
): void {
  const warnings = report.seeds.flatMap((seed) => seed.warnings)
  for (const warning of warnings) output.warn(warning)
  const visibility = channelVisibility(settings.variables)
  output.data({ ...report, visibility })
  output.text(
    renderTable(['step', 'result', 'detail'], rows(report, settings.target, declared), output),
  )
  if (report.seeds.some((seed) => seed.rows.some(isChanged))) output.text(visibility.text)
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
  ]
}

function applied({ applied: names, total }: DeployReport['migrations']): string {
  return names.length === 0 ? `${total} in place` : `${names.length} applied`
}
