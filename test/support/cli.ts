import { spawn } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { sourceFlags } from './source-flags.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The JSON document on stdout. */
  readonly json: () => Record<string, unknown>
}

export interface CliOptions {
  /** The project's root; a folder of its own by `createProject`. */
  readonly cwd: string
  /** The whole environment but PATH and HOME. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Called with the process as soon as it runs, to disturb it. */
  readonly onSpawn?: (process: { readonly pid: number; kill(signal: NodeJS.Signals): void }) => void
  readonly timeoutMs?: number
  /** The packaged entry instead of the sources; `npm run build` makes it. */
  readonly packaged?: boolean
}

/** Runs the real command line in a process of its own. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const entry =
    options.packaged === true
      ? [join(ROOT, 'dist/tidegate.js')]
      : [...sourceFlags(), join(ROOT, 'src/cli/entry.ts')]
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [...entry, ...args], {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  options.onSpawn?.({ pid: child.pid!, kill: (signal) => child.kill(signal) })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const text = Buffer.concat(stdout).toString('utf8')
      resolve({
        code,
        signal,
        stdout: text,
        stderr: Buffer.concat(stderr).toString('utf8'),
        json: () => JSON.parse(text) as Record<string, unknown>,
      })
    })
  })
}

export interface Project {
  readonly folder: string
  remove(): Promise<void>
}

/** A folder with the shipped migrations and seeds, where a test may put its own `.env` and files. */
export async function createProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-project-'))
  for (const name of ['migrations', 'seeds']) await symlink(join(ROOT, name), join(folder, name))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** What the shipped seed needs; made up. */
export const SEED_ENV = {
  BLTCY_API_KEY: 'sk-test-0123456789abcdef',
  BLTCY_BASE_URL: 'https://old-gateway.example',
} as const
