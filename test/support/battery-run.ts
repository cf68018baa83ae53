import process from 'node:process'
import { main } from '../../src/cli/main.ts'
import { Output } from '../../src/cli/output.ts'
import type { CliResult } from './cli.ts'

/** One run of the command line in the fault battery, and what is wrong with how it ended. */

const LONGEST_MS = 30_000

export interface Call {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface Ended<Report = object> {
  readonly code: number | null
  /** What it printed as JSON; null when that was nothing. */
  readonly report: (Report & ErrorReport) | null
  /** What is wrong with how it ended, whatever the fault was. */
  readonly problems: readonly string[]
}

interface ErrorReport {
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly nextStep: string | null
  }
}

export type Ending = Pick<CliResult, 'code' | 'stdout' | 'stderr'>

/** Through the command line's own entry, in this process. */
export async function runHere<Report = object>(call: Call): Promise<Ended<Report>> {
  const stdout: string[] = []
  const stderr: string[] = []
  const { args, cwd, env } = call
  const output = new Output({
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
    env,
  })
  const uncaught = watchUncaught()
  try {
    const code = await withinLimit(main([...args], { cwd, env, output }))
    const ended = { code, stdout: stdout.join(''), stderr: stderr.join('') }
    return judgeEnding(ended, call, uncaught.errors)
  } finally {
    uncaught.stop()
  }
}

/** The same judgement over a process of its own, which was not killed. */
export function judgeEnding<Report = object>(
  { code, stdout, stderr }: Ending,
  { args, env }: Pick<Call, 'args' | 'env'>,
  uncaught: readonly unknown[] = [],
): Ended<Report> {
  const problems = uncaught.map((error) => `uncaught: ${String(error)}`)
  const command = args[0]!
  if (code === null) problems.push(`${command} had not ended after ${LONGEST_MS / 1000} s`)
  else if (![0, 1, 75, ...(command === 'deploy' ? [] : [2])].includes(code)) {
    problems.push(`${command} ended with code ${code}`)
  }
  problems.push(...leaks({ stdout, stderr }, env))
  const report = stdout === '' ? null : (JSON.parse(stdout) as Report & ErrorReport)
  if (report?.error?.code === 'internal') problems.push(`internal error: ${report.error.message}`)
  return { code, report, problems }
}

/** What nobody may see, also of a run that was killed. */
export function leaks(
  { stdout, stderr }: Omit<Ending, 'code'>,
  env: Readonly<Record<string, string>>,
): string[] {
  const problems: string[] = []
  if (/^\s+at .+:\d+/m.test(stderr)) problems.push(`a stack was printed: ${stderr}`)
  const isTold = secretsOf(env).some((secret) => `${stdout}${stderr}`.includes(secret))
  if (isTold || /sk-test-/.test(stdout + stderr)) problems.push('a secret was printed')
  return problems
}

function secretsOf(env: Readonly<Record<string, string>>): string[] {
  const secrets = Object.entries(env).flatMap(([name, value]) => {
    if (name.endsWith('_KEY')) return [value]
    return name.endsWith('SQL_DSN') && value !== 'local' ? [new URL(value).password] : []
  })
  return secrets.filter((secret) => secret !== '')
}

async function withinLimit(run: Promise<number>): Promise<number | null> {
  const limit = Promise.withResolvers<null>()
  const timer = setTimeout(() => limit.resolve(null), LONGEST_MS)
  return Promise.race([run, limit.promise]).finally(() => clearTimeout(timer))
}

function watchUncaught() {
  const errors: unknown[] = []
  const listener = (error: unknown) => errors.push(error)
  process.on('uncaughtException', listener).on('unhandledRejection', listener)
  return {
    errors,
    stop: () => process.off('uncaughtException', listener).off('unhandledRejection', listener),
  }
}
