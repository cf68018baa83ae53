import type { DialectName } from '../database/contract.ts'
import type { Change } from '../diff/change.ts'
import type { SecretReference } from './secrets.ts'

/**
 * What a person confirms and `applyPlan` writes: rows with their reasons, and what tidegate
 * remembers of them. Pure data without secrets; `plan-file.ts` writes it to a file and reads it.
 */
export interface Plan {
  /** `push`, `pull`. */
  readonly command: string
  readonly from: { readonly name: string; readonly kind: 'database' | 'snapshot' | 'seeds' }
  readonly target: TargetIdentity
  /** Label of the gateway's recognised version on the target; null when it is not recognised. */
  readonly gateway: string | null
  /**
   * The key of the fingerprints in the cells of secret columns; null when those cells only say
   * `set`, '' or NULL.
   */
  readonly keyId: string | null
  /** In the order in which they are written. */
  readonly items: readonly PlanItem[]
  readonly memory: readonly Remembered[]
  /** Rows of `tidegate_base` that nothing stands for any more. */
  readonly forgotten: readonly { readonly seed: string; readonly rowKey: string }[]
  readonly seeds: readonly { readonly name: string; readonly checksum: string }[]
}

export interface TargetIdentity {
  readonly environment: string
  readonly dialect: DialectName
  /** For people; without password. */
  readonly label: string
  /** 16 hexadecimal digits; see `target-identity.ts`. */
  readonly id: string
}

/** Why a row is written. */
export const PLAN_REASONS = [
  /** Only the left side has the row. */
  'missing',
  /** Only the right side has it, and tidegate owns it. */
  'extra',
  /** The two sides differ, and no base says who changed. */
  'different',
  /** Changed on the left since both sides agreed. */
  'pending',
  /** Changed on the right since then; written only because it was asked for. */
  'drift',
  /** Changed on both sides; written only because it was asked for. */
  'conflict',
  /** The base knows nothing of it. */
  'unmanaged',
  /** A seed declares it. */
  'declared',
  /** Its abilities do not follow from it. */
  'abilities',
] as const

export type PlanReason = (typeof PLAN_REASONS)[number]

/** One row, and the abilities that follow from it. */
export interface PlanItem {
  /** 12 hexadecimal digits: those of the finding of `drift` about the same row. */
  readonly id: string
  readonly table: string
  /** Natural key for people. */
  readonly key: readonly string[]
  readonly operation: 'insert' | 'update' | 'delete'
  readonly reason: PlanReason
  /** Who asks, for the journal: `push:local`, `pull:production`, `seed:bltcy-channel`. */
  readonly source: string
  readonly changes: readonly [Change, ...Change[]]
  /** Where the secret cells of the row come from. */
  readonly secrets: readonly SecretUse[]
}

export interface SecretUse {
  readonly column: string
  readonly reference: SecretReference
}

/** A row of `tidegate_base`: what both sides agreed on when the plan was applied. */
export interface Remembered {
  readonly seed: string
  readonly rowKey: string
  readonly table: string
  /** Natural key in the plan's changes: an inserted row gets its id when it is written. */
  readonly key: string
  /** Id, or key where the table has no id; null for a row that the plan inserts. */
  readonly rowId: string | null
  /** Canonical JSON of cells; without secrets. */
  readonly cells: string
}
