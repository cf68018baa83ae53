import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sourceFlags } from '../support/source-flags.ts'
import type { Env } from './deployment.ts'

const ENTRY = join(import.meta.dirname, '../../src/cli/entry.ts')

const PATHS = ['/', '/healthz', '/readyz', '/metrics', '/nothing']

export interface ServeOptions {
  readonly cwd: string
  readonly env: Env
  /** Sent with every second request. */
  readonly token: string
  /** Asked for as well. */
  readonly path: string
}

/** All that `serve` says in a process of its own: what it prints, and each answer with its headers. */
export async function everythingServed(options: ServeOptions): Promise<readonly string[]> {
  const { cwd, env, token, path } = options
  const args = [...sourceFlags(), ENTRY, 'serve', '--port', '0', '--verbose']
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, args, { cwd, env: { PATH, HOME, ...env }, timeout: 30_000 })
  let printed = ''
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>()
  const read = (chunk: Buffer): void => {
    printed += chunk.toString()
    const url = /^listening at (.*)$/m.exec(printed)?.[1]
    if (url !== undefined) resolve(url)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  child.on('close', () => reject(new Error(`it ended: ${printed}`)))
  const url = await listening
  await untilChecked(url)
  const answers: string[] = []
  for (const one of [...PATHS, path]) {
    for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
      answers.push(await answerOf(new URL(one, url), headers))
    }
  }
  child.kill('SIGTERM')
  await once(child, 'close')
  return [printed, ...answers]
}

/** A check that fails leaves it without a result: 5 s are enough for either. */
async function untilChecked(url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    const { message } = (await (await fetch(new URL('/readyz', url))).json()) as {
      message?: string
    }
    if (message?.startsWith('the first check') !== true) return
    await sleep(20)
  }
}

async function answerOf(url: URL, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, { headers })
  return `${url.pathname} ${response.status}\n${JSON.stringify([...response.headers])}\n${await response.text()}`
}
