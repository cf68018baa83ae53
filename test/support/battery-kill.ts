import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ROOT } from './battery-deploy.ts'
import type { Call } from './battery-run.ts'
import { sourceFlags } from './source-flags.ts'

/** Where the clock of a kill starts: with the process, or when it is about to connect. */
export type Clock = 'start' | 'connect'

export interface Killed {
  readonly wasKilled: boolean
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** How long it lived, by each clock. */
  readonly livedMs: Readonly<Record<Clock, number>>
}

/** Runs a command in a process of its own and kills it; `null` lets it end. */
export async function killRun(
  { args, cwd, env }: Call,
  moment: { readonly clock: Clock; readonly delayMs: number } | null,
): Promise<Killed> {
  const entry = join(ROOT, 'src/cli/entry.ts')
  const { PATH, HOME } = process.env
  // The first words of `--verbose` name the database that it is going to connect to.
  const child = spawn(process.execPath, [...sourceFlags(), entry, ...args, '--verbose'], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  const clocks = { start: performance.now(), connect: performance.now() }
  const timers: NodeJS.Timeout[] = []
  const startClock = (clock: Clock): void => {
    clocks[clock] = performance.now()
    if (moment?.clock !== clock) return
    timers.push(setTimeout(() => child.kill('SIGKILL'), moment.delayMs))
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
  child.stderr.once('data', () => startClock('connect'))
  startClock('start')
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  for (const timer of timers) clearTimeout(timer)
  const end = performance.now()
  const livedMs = { start: end - clocks.start, connect: end - clocks.connect }
  return { wasKilled: signal === 'SIGKILL', code, ...texts, livedMs }
}
