/** What the benchmarks share: one process from start to end, and medians. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

/** With `--import`, makes a process end its stderr with its peak memory, for `peakMiB`. */
export const PEAK = `data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))`

/** @param timeout milliseconds after which it is ended, with the status null */
export async function run(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  program = process.execPath,
  timeout?: number,
): Promise<Ended> {
  const started = performance.now()
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ])
  return { status, stdout, stderr, ms: performance.now() - started }
}

export function peakMiB({ stderr }: Ended): number {
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
