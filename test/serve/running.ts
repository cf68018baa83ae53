import { once } from 'node:events'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secret } from '../../src/secret.ts'
import type { RequestFacts } from '../../src/serve/app.ts'
import type { RunCheck } from '../../src/serve/check.ts'
import { serve } from '../../src/serve/serve.ts'
import { resultOf } from './results.ts'

export const TOKEN = 'made-up-token-0123456789'

export interface Running {
  readonly url: string
  readonly requests: readonly RequestFacts[]
  /** Errors of the checks that ended; null for a good one. */
  readonly checks: readonly unknown[]
  /** Why answers could not be made. */
  readonly faults: readonly unknown[]
  get(path: string, init?: RequestInit): Promise<Response>
  /** Fires the signal; resolves when all has ended. */
  stop(): Promise<void>
}

export interface RunningOptions {
  readonly runCheck?: RunCheck
  readonly intervalMs?: number
  readonly token?: string
}

/** A check without end. */
export async function stuck(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort')
  throw new Error('aborted')
}

const running = new Set<Running>()

after(async () => {
  await Promise.all([...running].map((one) => one.stop()))
})

/** A server on a free port of 127.0.0.1, stopped after the tests of the file. */
export async function startServing(options: RunningOptions = {}): Promise<Running> {
  const { runCheck = async () => resultOf(), intervalMs = 60_000, token } = options
  const stopper = new AbortController()
  const requests: RequestFacts[] = []
  const checks: unknown[] = []
  const faults: unknown[] = []
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>()
  const ended = serve({
    host: '127.0.0.1',
    port: 0,
    runCheck,
    intervalMs,
    token: token === undefined ? null : new Secret(token),
    version: '1.2.3',
    signal: stopper.signal,
    onListening: resolve,
    onCheck: (error) => checks.push(error),
    onRequest: (request) => requests.push(request),
    onFault: (error) => faults.push(error),
  })
  ended.catch(reject)
  const url = await listening
  const stop = () => {
    stopper.abort()
    running.delete(one)
    return ended
  }
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, url), init)
  const one = { url, requests, checks, faults, get, stop }
  running.add(one)
  return one
}

/** Asks until it is so; fails after 5 s. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 10) {
    if (await isSo()) return
    await sleep(10)
  }
  throw new Error('it did not come to that within 5 s')
}

/** A server that has an answer. */
export async function startChecked(options: RunningOptions = {}): Promise<Running> {
  const started = await startServing(options)
  await until(() => started.checks.length > 0)
  return started
}

/** Values of the samples of one metric, by its labels as they are written. */
export async function samples(one: Running, metric: string, init?: RequestInit) {
  const text = await (await one.get('/metrics', init)).text()
  const lines = text.split('\n').filter((line) => line.match(/^[a-z_]+/)?.[0] === metric)
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(metric.length, at), Number(line.slice(at + 1))]
    }),
  )
}
