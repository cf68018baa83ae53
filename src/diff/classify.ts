import type { FindingClass } from './finding.ts'

/** One cell in the three places that a comparison knows. */
export interface CellStates<T> {
  readonly from: T
  readonly to: T
  /** Undefined when the base knows nothing of the cell. */
  readonly base: T | undefined
  /** Whether there is a base at all; without one nobody can say who changed what. */
  readonly hasBase: boolean
}

export type CellClass = Extract<
  FindingClass,
  'pending' | 'drift' | 'conflict' | 'unmanaged' | 'different'
>

type Equality<T> = (a: T, b: T) => boolean

/** Who changed a cell. `converged`: both sides left the base, to the same value; null: nobody. */
export function classifyCell<T>(
  states: CellStates<T>,
  isEqual: Equality<T>,
): CellClass | 'converged' | null {
  const { from, to, base } = states
  if (!isEqual(from, to)) return classifyDifference(states, isEqual)
  return base === undefined || isEqual(from, base) ? null : 'converged'
}

/**
 * Who changed a cell in which the sides are known to differ. Just `different` when both seem to
 * equal the base, as secrets without fingerprints may.
 */
export function classifyDifference<T>(
  { from, to, base, hasBase }: CellStates<T>,
  isEqual: Equality<T>,
): CellClass {
  if (!hasBase) return 'different'
  if (base === undefined) return 'unmanaged'
  const [fromStayed, toStayed] = [isEqual(from, base), isEqual(to, base)]
  if (fromStayed && toStayed) return 'different'
  if (toStayed) return 'pending'
  return fromStayed ? 'drift' : 'conflict'
}

/** What it means that only one side has a row: `isKnown` says whether the base has it. */
export function classifyRow(
  side: 'from' | 'to',
  { hasBase, isKnown }: { readonly hasBase: boolean; readonly isKnown: boolean },
): CellClass {
  if (!hasBase) return 'different'
  if (side === 'from') return isKnown ? 'drift' : 'pending'
  return isKnown ? 'pending' : 'unmanaged'
}
