import type { Language } from '../language/language.ts'
import type { FleetEntry } from '../report/fleet.ts'
import type { CommandDefinition } from './command.ts'
import { type Arguments, Context, type Program } from './context.ts'
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts'
import type { FleetRule } from './fleet-commands.ts'
import { FleetOutput } from './fleet-output.ts'
import { describeError } from './output.ts'

/** What the runs of a fleet have in common. */
export interface FleetCall {
  readonly program: Program
  /** As they were given; the environment is replaced. */
  readonly args: Arguments
  readonly rule: FleetRule
  readonly run: CommandDefinition['run']
  /** Whether somebody will read the reports. */
  readonly keepsReports: boolean
}

/** Runs the command for one environment. Never throws: a failure is an entry too. */
export async function runEnvironment(call: FleetCall, environment: string): Promise<FleetEntry> {
  const { program, args, rule, run, keepsReports } = call
  const output = new FleetOutput(program.output, environment)
  const { cwd, env, commands, language } = program
  // Without a terminal and a signal of its own: nobody answers, or ends, one run of many.
  const context = new Context(
    { cwd, env, commands, language, output, visits: true },
    { ...args, env: undefined, [rule.names]: environment },
  )
  const started = performance.now()
  const ended = await endOf(run, context)
  const ms = Math.round(performance.now() - started)
  const found = ended ?? told(context, output.report, rule, language)
  const report = keepsReports && found.report !== null ? boundReport(found.report) : null
  const { status, exitCode, what } = found
  return { environment, status, exitCode, ms, what, report }
}

type Ended = Pick<FleetEntry, 'status' | 'exitCode' | 'what' | 'report'>

/** Null unless it threw. */
async function endOf(run: FleetCall['run'], context: Context): Promise<Ended | null> {
  try {
    await run(context)
    return null
  } catch (error) {
    const described = describeError(error)
    // Several faults of a configuration are several lines.
    const what = described.message.replaceAll(/\s*\n\s*/g, ' ')
    return { status: 'failed', exitCode: exitCodeOf(error), what, report: { error: described } }
  }
}

function told({ exitCode }: Context, given: unknown, rule: FleetRule, language: Language): Ended {
  const report = typeof given === 'object' && given !== null ? given : {}
  const found = exitCode === EXIT_CODES.found
  const failed = exitCode !== EXIT_CODES.ok && (rule.stopsAtFound || !found)
  const status = failed ? 'failed' : rule.result(report, found)
  return { status, exitCode, what: rule.tell(report, language), report }
}

/** Bytes of JSON that are kept of one environment. */
const REPORT_LIMIT = 64 * 1024

/** Bytes of each member that a report which is too large keeps. */
const MEMBER_LIMIT = 1024

/** As it will be read; nothing of the run is held by it. */
function boundReport(report: object): object {
  const text = JSON.stringify(report)
  const copy = JSON.parse(text) as Record<string, unknown>
  if (Buffer.byteLength(text) <= REPORT_LIMIT) return copy
  const small = Object.entries(copy).filter(
    ([, value]) => Buffer.byteLength(JSON.stringify(value)) <= MEMBER_LIMIT,
  )
  return { ...Object.fromEntries(small), truncated: true }
}
