import { Readable } from 'node:stream'
import { after } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { Output } from '../../src/cli/output.ts'
import type { Target } from '../../src/database/contract.ts'
import {
  type CliOptions,
  type CliResult,
  createProject,
  type Project,
  runCli,
  SEED_ENV,
} from '../support/cli.ts'

/** Runs that do not depend on each other, two at a time, in order. */
export async function inPairs<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      results[index] = await run(items[index]!)
    }
  }
  await Promise.all([worker(), worker()])
  return results
}

/** A project folder, removed after the tests. To be called at the top of the file. */
export function testProject(): () => Promise<Project> {
  let project: Promise<Project> | undefined
  after(async () => (await project)?.remove())
  return () => (project ??= createProject())
}

export type Run = (
  line: string,
  env?: Readonly<Record<string, string | undefined>>,
  options?: Partial<CliOptions>,
) => Promise<CliResult>

/** Runs command lines in a project, with what the shipped seed needs. */
export function runnerIn(project: () => Promise<Project>): Run {
  return async (line, env = {}, options = {}) => {
    const args = line.split(' ').filter((arg) => arg !== '')
    return runCli(args, { cwd: (await project()).folder, env: { ...SEED_ENV, ...env }, ...options })
  }
}

/**
 * The same without a process of its own, which takes ten times as long: one at a time, because
 * what yargs prints itself is taken from the console.
 */
export function callerIn(project: () => Promise<Project>): Run {
  return async (line, env = {}) => {
    const args = line.split(' ').filter((arg) => arg !== '')
    return callMain(args, { cwd: (await project()).folder, env: { ...SEED_ENV, ...env } })
  }
}

export interface CallOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What comes on standard input. */
  readonly stdin?: string
  /** Of the terminal that stdout and stderr are; none when absent. */
  readonly columns?: number
}

/** One run of the command line in this process. */
export async function callMain(args: readonly string[], options: CallOptions): Promise<CliResult> {
  const { cwd, env, stdin = '', columns } = options
  const stdout: string[] = []
  const stderr: string[] = []
  const terminal = columns === undefined ? {} : { isTTY: true, columns }
  const output = new Output({
    stdout: { write: (text) => stdout.push(text), ...terminal },
    stderr: { write: (text) => stderr.push(text), ...terminal },
    env,
  })
  const host = { cwd, env, output, stdin: () => Readable.from([Buffer.from(stdin)]) }
  const code = await withConsole(stdout, () => main(args, host))
  const text = stdout.join('')
  const json = () => JSON.parse(text) as Record<string, unknown>
  return { code, signal: null, stdout: text, stderr: stderr.join(''), json }
}

async function withConsole<T>(lines: string[], body: () => Promise<T>): Promise<T> {
  const { log } = console
  console.log = (text: string) => lines.push(`${text}\n`)
  try {
    return await body()
  } finally {
    console.log = log
  }
}

/** What a terminal or a CI runner would act on instead of show, anywhere in a text. */
export function activeIn(text: string): string[] {
  const characters =
    text.match(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu) ?? []
  const commands = text.split('\n').filter((line) => /^\s*(?:::|##\[)/.test(line))
  return [...characters.map((one) => `U+${one.codePointAt(0)!.toString(16)}`), ...commands]
}

/** The variables that lead to a target. */
export function envOf(target: Target): Record<string, string> {
  if (target.dialect === 'sqlite') return { SQL_DSN: 'local', SQLITE_PATH: target.path }
  const { user, password, host, port, database } = target
  const login = `${user}:${encodeURIComponent(password?.reveal() ?? '')}`
  return { SQL_DSN: `postgres://${login}@${host}:${port}/${database}?sslmode=disable` }
}
