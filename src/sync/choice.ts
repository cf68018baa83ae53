import type { Plan, PlanItem } from '../apply/plan.ts'
import type { SecretReference } from '../apply/secrets.ts'

/** What of a world is to be written. */
export interface SyncChoice {
  /** Null: everything. Ids of differences, TABLE, TABLE/NAME, TABLE/NAME/COLUMN. */
  readonly select: readonly string[] | null
  /** Of an updated row for each column, of another one for null; null: everything. */
  readonly picked: ((item: PlanItem, column: string | null) => boolean) | null
  /** Whether what changed on the right since both sides agreed is written too. */
  readonly overwrite: boolean
  readonly delete: boolean
  readonly maxDeletes: number
  /** Where secrets come from, by TABLE/NAME or TABLE/NAME/COLUMN. */
  readonly references: ReadonlyMap<string, SecretReference>
}

/** A row, or a part of one, that differs and is not written. */
export interface LeftRow {
  readonly id: string
  readonly table: string
  /** Natural key for people. */
  readonly key: readonly string[]
  /** A sentence that says what to do; may hold data. */
  readonly why: string
  readonly code:
    | 'drift'
    | 'conflict'
    | 'extra'
    | 'duplicate'
    | 'secret'
    | 'reference'
    | 'masked'
    | 'unselected'
    | 'unreadable'
}

export interface SyncPlan {
  readonly plan: Plan
  readonly left: readonly LeftRow[]
  /** Sentences; may hold data. */
  readonly warnings: readonly string[]
}
