import { findEnvironments } from '../config/find-environments.ts'
import {
  describeEntry,
  FLEET_SCHEMA,
  type FleetEntry,
  type FleetReport,
  fleetStatus,
  isDone,
  renderFleet,
} from '../report/fleet.ts'
import type { CommandDefinition, FleetCommand } from './command.ts'
import type { Arguments, Context, Program } from './context.ts'
import { EXIT_CODES, type ExitCode } from './exit-codes.ts'
import { FLEET_RULES, type FleetRule } from './fleet-commands.ts'
import { saveFleet } from './fleet-file.ts'
import { pathOf, readParallel, readPattern, refuseFlags } from './fleet-flags.ts'
import { type FleetCall, runEnvironment } from './fleet-run.ts'
import { limitYoungGarbage } from './young-garbage.ts'

export interface FleetInput {
  readonly program: Program
  readonly args: Arguments
  readonly context: Context
  readonly command: FleetCommand
  readonly run: CommandDefinition['run']
}

/** Runs a command for every environment that `--env` matches, in waves; one failure ends them. */
export async function runFleet(input: FleetInput): Promise<void> {
  const { program, args, context, command, run } = input
  const rule = FLEET_RULES[command]
  const pattern = readPattern(context)
  refuseFlags(args, rule)
  const parallel = readParallel(context)
  const path = pathOf(context, 'fleet-report') ?? pathOf(context, 'resume')
  const report = await prepareReport(context, { command, pattern, rule })
  const keepsReports = context.output.json || path !== null
  await limitYoungGarbage()
  const call: FleetCall = { program, args, rule, run, keepsReports }
  const ended = await runWaves(context, { call, report, parallel, path })
  context.output.data(ended)
  context.output.text(renderFleet(ended, context.output))
  context.exitCode = exitCodeOfFleet(ended)
}

/** What is done already, and everything else as not started. */
async function prepareReport(
  context: Context,
  { command, pattern, rule }: Pick<FleetReport, 'command' | 'pattern'> & { rule: FleetRule },
): Promise<FleetReport> {
  const from = rule.names === 'to' ? (context.string('from') ?? null) : null
  const { cwd, env, output } = context
  const flags = { config: context.string('config') }
  const matched = await findEnvironments(pattern, from, { cwd, env, flags })
  output.redactor.add(matched.flatMap(({ secrets }) => secrets))
  const done = await readDone(context, { command, pattern })
  const environments = matched.map(
    ({ name }) => done.find(({ environment }) => environment === name) ?? notStarted(name),
  )
  return {
    $schema: FLEET_SCHEMA,
    command,
    pattern,
    status: fleetStatus(environments),
    environments,
  }
}

async function readDone(
  context: Context,
  wanted: Pick<FleetReport, 'command' | 'pattern'>,
): Promise<readonly FleetEntry[]> {
  const path = pathOf(context, 'resume')
  if (path === null) return []
  const { readFleet } = await import('./fleet-resume.ts')
  return (await readFleet(path, wanted)).environments.filter(isDone)
}

function notStarted(environment: string): FleetEntry {
  return { environment, status: 'not started', exitCode: null, ms: null, what: '', report: null }
}

interface Waves {
  readonly call: FleetCall
  readonly report: FleetReport
  readonly parallel: number
  /** Where the report is kept; null when nowhere. */
  readonly path: string | null
}

async function runWaves({ output }: Context, waves: Waves): Promise<FleetReport> {
  const { call, parallel, path } = waves
  let { report } = waves
  let ended = report.environments.filter(isDone).length
  const all = report.environments.length
  const keep = async (): Promise<void> => {
    if (path !== null) await saveFleet(output, path, report)
  }
  // Before anything is done, so that a file that cannot be written is found out now.
  await keep()
  const pending = report.environments.filter((entry) => !isDone(entry))
  for (let start = 0; start < pending.length; start += parallel) {
    const wave = pending.slice(start, start + parallel).map(async ({ environment }) => {
      const entry = await runEnvironment(call, environment)
      output.note(describeEntry(entry, (ended += 1), all))
      return entry
    })
    const entries = await Promise.all(wave)
    report = withEntries(report, entries)
    await keep()
    if (!entries.every(isDone)) break
  }
  return report
}

function withEntries(report: FleetReport, entries: readonly FleetEntry[]): FleetReport {
  const environments = report.environments.map(
    (old) => entries.find(({ environment }) => environment === old.environment) ?? old,
  )
  return { ...report, status: fleetStatus(environments), environments }
}

/** An error comes before a busy lock, that before something found. */
function exitCodeOfFleet({ environments }: FleetReport): ExitCode {
  const { ok, error, lockBusy, found } = EXIT_CODES
  const worst = [error, lockBusy, found].find((code) =>
    environments.some(({ exitCode }) => exitCode === code),
  )
  return worst ?? (environments.every(isDone) ? ok : error)
}
