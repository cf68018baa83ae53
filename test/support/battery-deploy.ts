import { join } from 'node:path'
import process from 'node:process'
import { main } from '../../src/cli/main.ts'
import { Output } from '../../src/cli/output.ts'
import type { CaseDatabase } from './battery-start.ts'
import { SEED_ENV, type CliResult } from './cli.ts'

/** The checkout: its migrations and seeds are the ones that are deployed. */
export const ROOT = join(import.meta.dirname, '../..')

const LONGEST_MS = 30_000

export interface Deployed {
  readonly code: number | null
  /** What it printed as JSON; null when that was nothing. */
  readonly report: DeployReport | null
  /** What is wrong with how it ended, whatever the fault was. */
  readonly problems: readonly string[]
}

export interface DeployReport {
  readonly status?: string
  readonly migrations?: { readonly applied: readonly string[] }
  readonly seeds?: readonly { readonly rows: readonly { readonly outcome: string }[] }[]
  readonly error?: { readonly code: string; readonly message: string }
}

export function deployEnv(database: Pick<CaseDatabase, 'env'>): Record<string, string> {
  return { ...SEED_ENV, ...database.env }
}

/** `deploy` through the command line's own entry, in this process. */
export async function deployHere(
  database: Pick<CaseDatabase, 'env'>,
  args: readonly string[] = [],
): Promise<Deployed> {
  const stdout: string[] = []
  const stderr: string[] = []
  const env = deployEnv(database)
  const output = new Output({
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
    env,
  })
  const uncaught = watchUncaught()
  try {
    const run = main(['deploy', '--json', ...args], { cwd: ROOT, env, output })
    const code = await withinLimit(run)
    return judge({ code, stdout: stdout.join(''), stderr: stderr.join('') }, env, uncaught.errors)
  } finally {
    uncaught.stop()
  }
}

/** The same judgement over a process of its own. */
export function judgeEnding(result: Ending, database: Pick<CaseDatabase, 'env'>): Deployed {
  return judge(result, deployEnv(database), [])
}

export type Ending = Pick<CliResult, 'code' | 'stdout' | 'stderr'>

function judge(
  { code, stdout, stderr }: Ending,
  env: Readonly<Record<string, string>>,
  uncaught: readonly unknown[],
): Deployed {
  const problems = uncaught.map((error) => `uncaught: ${String(error)}`)
  if (code === null) problems.push(`deploy had not ended after ${LONGEST_MS / 1000} s`)
  else if (![0, 1, 75].includes(code)) problems.push(`deploy ended with code ${code}`)
  if (/^\s+at .+:\d+/m.test(stderr)) problems.push(`a stack was printed: ${stderr}`)
  for (const secret of secretsOf(env)) {
    if (`${stdout}${stderr}`.includes(secret)) problems.push('a secret was printed')
  }
  const report = stdout === '' ? null : (JSON.parse(stdout) as DeployReport)
  if (report?.error?.code === 'internal') problems.push(`internal error: ${report.error.message}`)
  return { code, report, problems }
}

function secretsOf({ BLTCY_API_KEY, SQL_DSN }: Readonly<Record<string, string>>): string[] {
  const password = SQL_DSN === undefined ? '' : new URL(SQL_DSN).password
  return [BLTCY_API_KEY ?? '', password].filter((secret) => secret !== '')
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
