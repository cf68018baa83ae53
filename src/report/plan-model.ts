import type { Change } from '../diff/change.ts'
import type { ShownValue } from '../diff/finding.ts'
import type { RowFacts } from './model.ts'

/** What `plan`, `push`, `pull` and `apply` report; the shapes are those of `--json`. */
export interface PlanFacts {
  readonly from: { readonly name: string; readonly kind: string }
  readonly to: { readonly environment: string; readonly dialect: string; readonly label: string }
  /** Label of the gateway's version on the right side; null when it is not recognised. */
  readonly gateway: string | null
  readonly counts: {
    readonly insert: number
    readonly update: number
    readonly delete: number
    readonly left: number
  }
  readonly rows: readonly PlanRowFacts[]
  readonly left: readonly LeftFacts[]
}

export interface PlanRowFacts {
  readonly id: string
  readonly table: string
  readonly key: readonly string[]
  readonly operation: 'insert' | 'update' | 'delete'
  readonly reason: PlanReason
  readonly source: string
  readonly cells: readonly PlanCellFacts[]
  readonly abilities: RowFacts['abilities']
}

/** One cell, or one member of a JSON map. Of a secret only whether it is there, or where from. */
export interface PlanCellFacts {
  readonly column: string
  readonly path: string | null
  /** Null also where a new row, or a new member, has nothing yet. */
  readonly before: ShownValue
  readonly after: ShownValue
  /** Which of the two there are: a row or a member may be new, or go. */
  readonly present: 'both' | 'before' | 'after'
  readonly difference: 'different' | 'formatting'
  /** Null for what is no secret. */
  readonly secret: SecretWord | null
  /** Elements of a list. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** `env:NAME`, `file:PATH`, or where else the value of a secret is from. */
export type SecretWord =
  `env:${string}` | `file:${string}` | 'source' | 'placeholder' | 'keep' | 'set' | 'removed'

/** A row that differs and is not written. */
export interface LeftFacts {
  readonly id: string
  readonly table: string
  readonly key: readonly string[]
  readonly why: string
  readonly code: string
}

export type PlanReason =
  | 'missing'
  | 'extra'
  | 'different'
  | 'pending'
  | 'drift'
  | 'conflict'
  | 'unmanaged'
  | 'declared'
  | 'abilities'

/** The part of a plan that people read. */
export interface ReadablePlan {
  readonly from: { readonly name: string; readonly kind: string }
  readonly target: {
    readonly environment: string
    readonly dialect: string
    readonly label: string
  }
  readonly gateway: string | null
  readonly items: readonly ReadableItem[]
}

export interface ReadableItem extends Omit<PlanRowFacts, 'cells' | 'abilities'> {
  readonly changes: readonly Change[]
  readonly secrets: readonly {
    readonly column: string
    readonly reference:
      | { readonly kind: 'env'; readonly name: string }
      | { readonly kind: 'file'; readonly path: string }
      | { readonly kind: 'source' | 'placeholder' | 'keep' }
  }[]
}
