import { setTimeout as sleep } from 'node:timers/promises'

/** Bounds of the waits between attempts: the first is at most `firstMs`, doubling to `lastMs`. */
export interface Backoff {
  readonly firstMs: number
  readonly lastMs: number
}

/** For a lock: the holder may be done in milliseconds. */
export const LOCK_BACKOFF: Backoff = { firstMs: 25, lastMs: 1000 }

/** For a lock that SQLite has waited for itself before it gave up. */
export const FILE_BACKOFF: Backoff = { firstMs: 10, lastMs: 50 }

/** For a server that is starting, or a name that does not resolve yet. */
export const CONNECT_BACKOFF: Backoff = { firstMs: 250, lastMs: 5000 }

/**
 * Milliseconds to wait after the n-th attempt (from 1): anything between 1 and the doubled bound,
 * so that twenty replicas which failed together do not come back together.
 */
export function jitteredDelay({ firstMs, lastMs }: Backoff, attempt: number): number {
  const bound = Math.min(lastMs, firstMs * 2 ** Math.min(attempt - 1, 30))
  return 1 + Math.random() * (bound - 1)
}

/** A time that was waited, for messages: `200 ms`, `60 s`. */
export function describeWait(milliseconds: number): string {
  const isShort = milliseconds < 1000
  return isShort ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1000)} s`
}

export interface PollOptions {
  readonly timeoutMs: number
  readonly backoff: Backoff
  readonly signal?: AbortSignal | undefined
}

export interface Attempt {
  /** From 1. */
  readonly number: number
  /** Until the deadline; never negative. */
  readonly remainingMs: number
}

/**
 * Calls `attempt` until it gives a value; null when the deadline passed without one. There is
 * always one attempt, and a last one at the deadline. What it throws is thrown.
 */
export async function pollUntil<T>(
  { timeoutMs, backoff, signal }: PollOptions,
  attempt: (current: Attempt) => Promise<T | null>,
): Promise<T | null> {
  const deadline = performance.now() + timeoutMs
  for (let number = 1; ; number += 1) {
    const remainingMs = Math.max(0, deadline - performance.now())
    const value = await attempt({ number, remainingMs })
    if (value !== null) return value
    if (remainingMs === 0) return null
    const leftMs = Math.max(0, deadline - performance.now())
    await sleep(Math.min(jitteredDelay(backoff, number), leftMs), undefined, { signal })
  }
}
