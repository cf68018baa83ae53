/**
 * What a comparison found. Pure data, as `--json` prints it; secrets are never inside, only that
 * they are set, empty, or what their keyed fingerprint is.
 */

export const FINDING_KINDS = [
  /** A row that only the left side has. */
  'missing',
  /** A row that only the right side has. */
  'extra',
  /** A row that both have, with cells that differ. */
  'changed',
  /** Rows of one side that share a natural key, so that none of them could be paired. */
  'duplicate',
  /** The abilities of a channel do not equal their derivation. */
  'abilities',
  /** The two schemas differ. */
  'schema',
  /** An entry of the accepted list that has expired or that nothing matches. */
  'acceptance',
] as const

export type FindingKind = (typeof FINDING_KINDS)[number]

/**
 * Who has to do what. `pending`, `drift`, `conflict` and `unmanaged` need a base; without one a
 * difference is just `different`.
 */
export const FINDING_CLASSES = [
  /** Both sides left the base, to different values. */
  'conflict',
  /** The right side left the base: somebody changed it there. */
  'drift',
  /** The two sides differ; no base says who changed. */
  'different',
  /** Wrong within one side: duplicates, abilities that are not derived from their channel. */
  'integrity',
  'schema',
  /** Declared on the left and not yet on the right. */
  'pending',
  /** Differs, and the base knows nothing of it. */
  'unmanaged',
  /** About the accepted list itself. */
  'acceptance',
  /** Belongs to one installation; listed apart. */
  'environment',
  /** What a running gateway changes by itself, such as a channel that it disabled. */
  'runtime',
  /** Accepted by a person, with a reason and an end. */
  'accepted',
] as const

export type FindingClass = (typeof FINDING_CLASSES)[number]

export const SEVERITIES = ['error', 'warning', 'note'] as const

export type Severity = (typeof SEVERITIES)[number]

/** Which severity makes a run fail; `never` still fails an incomplete one. */
export const FAIL_LEVELS = [...SEVERITIES, 'never'] as const

export type FailLevel = (typeof FAIL_LEVELS)[number]

/** A value for people; null is NULL. Of a secret: `set`, `(empty)`, or 12 digits of a fingerprint. */
export type ShownValue = string | null

export interface CellFinding {
  readonly column: string
  /** Member of a JSON object, where members are compared one by one; null for the whole value. */
  readonly path: string | null
  /** `formatting`: the same meaning written so that the gateway misreads it (a padded list). */
  readonly difference: 'different' | 'formatting'
  readonly class: FindingClass
  /** Sides that have the cell: a member or a row may exist on one only. */
  readonly present: 'both' | 'from' | 'to'
  readonly from: ShownValue
  readonly to: ShownValue
  /** Value in the base; absent when there is none for this cell. */
  readonly base?: ShownValue
  readonly secret: boolean
  /** Elements of a list that only the right, or only the left side has; [] for other cells. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Of the right side's value, to pin what is accepted: `sha256:…` or `hmac:…`. */
  readonly pin: string
}

export interface Acceptance {
  readonly reason: string
  readonly owner: string
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires: string
}

/** A command that resolves a finding, and what it does. */
export interface Resolution {
  readonly command: string
  readonly effect: string
}

export interface Finding {
  /** 12 hexadecimal digits, the same in every run that finds it in the same place. */
  readonly id: string
  readonly kind: FindingKind
  readonly class: FindingClass
  readonly severity: Severity
  readonly table: string
  /** Natural key for people: `["Bltcy旧网关", "55"]`; [] for what concerns the whole table. */
  readonly key: readonly string[]
  /** The side that a duplicate, stale abilities or a schema finding is about. */
  readonly side: 'from' | 'to' | null
  /** What was found, as one sentence; holds data. */
  readonly message: string
  readonly cells: readonly CellFinding[]
  readonly acceptance: Acceptance | null
  readonly resolutions: readonly Resolution[]
  /** Where a seed declares it: path from the project's root, lines counted from 1. */
  readonly location: { readonly file: string; readonly line: number } | null
}
