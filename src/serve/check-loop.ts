import { setTimeout as sleep } from 'node:timers/promises'
import { jitteredDelay } from '../database/backoff.ts'
import { TidegateError } from '../errors.ts'
import type { CheckResult, RunCheck } from './check.ts'
import { withDeadline } from './deadline.ts'

export interface CheckLoopOptions {
  readonly runCheck: RunCheck
  readonly intervalMs: number
  /** Called after each check, with its error or null. */
  readonly onCheck: (error: unknown, result: CheckResult | null) => void
}

/** The last answer and what is to be thought of it. */
export type CheckView =
  | { readonly state: 'starting'; readonly result: null; readonly ageSeconds: number }
  | { readonly state: 'current'; readonly result: CheckResult; readonly ageSeconds: number }
  | {
      /** `failed`: the last check was; `overdue`: it takes too long. */
      readonly state: 'failed' | 'overdue'
      /** The last good one. */
      readonly result: CheckResult | null
      readonly ageSeconds: number
      /** Of the failure; never its text, which may name hosts. */
      readonly code: string
    }

const FIRST_RETRY_MS = 1_000

/** Shorter than this no check is given up: a cold start of a far database takes its time. */
const SHORTEST_DEADLINE_MS = 60_000

/** An answer that is older than so many intervals is none. */
const STALE_INTERVALS = 2

/**
 * Checks on an interval, one at a time. A failed check is repeated sooner, then less and less often
 * until the interval is reached again.
 */
export class CheckLoop {
  readonly #options: CheckLoopOptions
  readonly #startedAt = performance.now()
  #good: { readonly result: CheckResult; readonly at: number } | null = null
  #failure: string | null = null

  constructor(options: CheckLoopOptions) {
    this.#options = options
  }

  /** Until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs } = this.#options
    for (let failures = 0; !signal.aborted;) {
      failures = (await this.#check(signal)) ? 0 : failures + 1
      const backoff = { firstMs: FIRST_RETRY_MS, lastMs: intervalMs }
      const delay = failures === 0 ? intervalMs : jitteredDelay(backoff, failures)
      await sleep(delay, undefined, { signal }).catch(() => undefined)
    }
  }

  /** The age is that of the last good answer; without one, the time since the start. */
  view(): CheckView {
    const ageSeconds = (performance.now() - (this.#good?.at ?? this.#startedAt)) / 1000
    const result = this.#good?.result ?? null
    if (this.#failure !== null) return { state: 'failed', result, ageSeconds, code: this.#failure }
    const limitSeconds = (STALE_INTERVALS * this.#options.intervalMs) / 1000
    if (ageSeconds > limitSeconds) return { state: 'overdue', result, ageSeconds, code: 'overdue' }
    if (result === null) return { state: 'starting', result, ageSeconds }
    return { state: 'current', result, ageSeconds }
  }

  async #check(signal: AbortSignal): Promise<boolean> {
    const { runCheck, intervalMs, onCheck } = this.#options
    try {
      const deadlineMs = Math.max(intervalMs, SHORTEST_DEADLINE_MS)
      const result = await withDeadline(signal, deadlineMs, runCheck)
      this.#good = { result, at: performance.now() }
      this.#failure = null
      onCheck(null, result)
      return true
    } catch (error) {
      if (signal.aborted) return false
      this.#failure = error instanceof TidegateError ? error.code : 'internal'
      onCheck(error, null)
      return false
    }
  }
}
