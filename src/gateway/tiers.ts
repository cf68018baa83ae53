import { compareBytes } from './byte-order.ts'
import { readInteger } from './cell-numbers.ts'
import type { Candidate, Tier } from './routing.ts'

/** A channel that can be picked, once for each time that the gateway has it in its list. */
export interface Entry {
  readonly channelId: string
  readonly priority: bigint | null
  /** Its part of the requests, relative to the others of its tier; not negative. */
  readonly share: number
}

type Ranked = Entry & { readonly priority: bigint }

export function hasPriority(entry: Entry): entry is Ranked {
  return entry.priority !== null
}

/** One tier for each priority, highest first. */
export function tiersOf(entries: readonly Ranked[]): Tier[] {
  const byPriority = Map.groupBy(entries, ({ priority }) => priority)
  return [...byPriority]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([priority, members]) => oneTier(priority.toString(), members))
}

/** All entries as one tier. Where nobody has a share, all are alike. */
export function oneTier(priority: string, entries: readonly Entry[]): Tier {
  const sum = entries.reduce((total, { share }) => total + share, 0)
  const chances = new Map<string, number>()
  for (const { channelId, share } of entries) {
    const chance = sum === 0 ? 1 / entries.length : share / sum
    chances.set(channelId, (chances.get(channelId) ?? 0) + chance)
  }
  const candidates = [...chances].map(([channelId, chance]) => ({ channelId, chance }))
  return { priority, candidates: candidates.toSorted(byId) }
}

function byId(a: Candidate, b: Candidate): number {
  const [left, right] = [readInteger(a.channelId), readInteger(b.channelId)]
  if (left === null || right === null) return compareBytes(a.channelId, b.channelId)
  return left < right ? -1 : 1
}
