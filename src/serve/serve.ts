import type { Secret } from '../secret.ts'
import { type AppOptions, createApp } from './app.ts'
import type { RunCheck } from './check.ts'
import { CheckLoop } from './check-loop.ts'
import { type Address, listen } from './listen.ts'
import { Metrics } from './metrics.ts'

export interface ServeOptions extends Address, Pick<AppOptions, 'onRequest' | 'onFault'> {
  readonly runCheck: RunCheck
  readonly intervalMs: number
  readonly token: Secret | null
  readonly version: string
  /** Ends it. */
  readonly signal: AbortSignal
  readonly onListening: (url: string) => void
  /** After each check, with its error or null. */
  readonly onCheck: (error: unknown) => void
}

/**
 * Listens and checks until the signal fires; then the check is aborted and what was asked is still
 * answered. @throws TidegateError when nothing can listen at the address
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { runCheck, intervalMs, token, version, signal, onCheck, onRequest, onFault } = options
  const metrics = new Metrics({ version, withNames: token !== null })
  const loop = new CheckLoop({
    runCheck,
    intervalMs,
    onCheck: (error, result) => {
      metrics.record(result)
      onCheck(error)
    },
  })
  const app = createApp({ view: () => loop.view(), metrics, token, onRequest, onFault })
  const server = await listen(app, options)
  options.onListening(server.url)
  const checks = loop.run(signal)
  await fired(signal)
  await Promise.all([checks, server.close()])
}

function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
