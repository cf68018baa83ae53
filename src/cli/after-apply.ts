import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { platform } from 'node:os'
import { kill } from 'node:process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { logLines } from '../doctor/log-lines.ts'
import { escapeText } from '../report/escape.ts'
import type { Output } from './output.ts'

export interface AfterApplyOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly output: Output
  readonly timeoutMs: number
}

export interface AfterApplyResult {
  /** Null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null
  readonly timedOut: boolean
}

/** Milliseconds for what is still to be printed when the command has ended. */
const GRACE_MS = 500

/**
 * Runs a command of the user's in the shell, without input. What it writes goes to stderr line by
 * line, escaped and without our secrets. At the time limit it is killed, with all that it started.
 */
export async function runAfterApply(
  command: string,
  { cwd, env, output, timeoutMs }: AfterApplyOptions,
): Promise<AfterApplyResult> {
  // A group of its own, so that all of it can be ended.
  const child = spawn(command, {
    shell: true,
    cwd,
    env: { ...env },
    detached: platform() !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let timedOut = false
  const limit = setTimeout(() => {
    timedOut = true
    end(child)
  }, timeoutMs)
  try {
    const ended = once(child, 'exit').catch(() => [null])
    const streams = [child.stdout, child.stderr]
    const printed = Promise.all(streams.map((stream) => print(stream, output)))
    const [exitCode] = (await ended) as [number | null]
    // A server that it started in the background may keep them open.
    await Promise.race([printed, sleep(GRACE_MS, undefined, { ref: false })])
    for (const stream of streams) stream.destroy()
    await printed
    return { exitCode, timedOut }
  } finally {
    clearTimeout(limit)
  }
}

async function print(stream: Readable, output: Output): Promise<void> {
  try {
    for await (const line of logLines(stream)) output.note(escapeText(line))
  } catch {
    // It was destroyed; there is nobody to print for any more.
  }
}

function end(child: ChildProcess): void {
  try {
    if (platform() !== 'win32' && child.pid !== undefined) kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
