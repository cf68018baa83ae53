import type { SequenceState } from '../database/contract.ts'

/** Whether the next id of the sequence is taken already. */
export function isBehind({ lastValue, maxId }: SequenceState): boolean {
  return maxId !== null && BigInt(lastValue ?? 0) < BigInt(maxId)
}
