import type { Remembered, TargetIdentity } from '../apply/plan.ts'
import type { Cells } from '../diff/cells.ts'
import type { Row } from '../snapshot/model.ts'
import type { ShapeColumn, TableShape } from '../snapshot/shape.ts'

/** Everything that planning needs to know of both sides: their differing rows, and no other. */
export interface SyncWorld {
  readonly command: 'push' | 'pull'
  readonly from: { readonly name: string; readonly kind: 'database' | 'snapshot' }
  /** What people call the target. */
  readonly to: string
  readonly target: TargetIdentity
  /** Label of the gateway's recognised version on the target. */
  readonly gateway: string | null
  readonly keyId: string | null
  /** In the order in which they are written. */
  readonly tables: readonly SyncTable[]
  /** Who remembers what both sides agree on. */
  readonly seed: string
  /** Rows that both sides share already, and of which something else is remembered. */
  readonly shared: readonly Remembered[]
  /** What is remembered of rows that neither side has. */
  readonly gone: readonly Forgotten[]
  /** `rowKey`s of the abilities of which `seed` remembers something. */
  readonly abilities: ReadonlySet<string>
  /** Rows of the target that references name: how many have the name, by `presentKey`. */
  readonly present: ReadonlyMap<string, number>
  readonly warnings: readonly string[]
}

export interface Forgotten {
  readonly seed: string
  readonly rowKey: string
}

export interface SyncTable {
  readonly shape: TableShape
  /** Columns that are written, without the key. */
  readonly columns: readonly ShapeColumn[]
  /** Columns of the target that cannot be NULL, and those that take only JSON. */
  readonly required: ReadonlySet<string>
  readonly json: ReadonlySet<string>
  readonly counts: { readonly from: number; readonly to: number; readonly base: number }
  /** Whether there is a base at all: without one nobody can say who changed what. */
  readonly hasBase: boolean
  /** In the order of the key. */
  readonly rows: readonly SyncRow[]
}

export interface FoundRow {
  readonly kind: 'missing' | 'extra' | 'changed' | 'duplicate'
  /** The side of a duplicate. */
  readonly side: 'from' | 'to' | null
  /** Rows that share the key. */
  readonly count: number
  /** The key; NULL reads as ''. */
  readonly parts: readonly string[]
  readonly from: Values | null
  readonly to: Values | null
  readonly base: KnownRow | null
  /** Cells that `seed` remembers already, as they are stored; null when it is nothing, or old. */
  readonly remembered: string | null
  /** Whether tidegate made it on the target, or both sides had it. */
  readonly isOwned: boolean
  /** What is remembered of it on the target. */
  readonly forgets: readonly Forgotten[]
  readonly fault: string | null
  /** An option that is nobody else's. */
  readonly apart: 'secret' | 'environment' | null
}

export interface SyncRow extends FoundRow {
  /** Null where the target does not have it, or it is not written. */
  readonly target: TargetRow | null
  /** Of a new ability: what it holds besides what follows from its channel. By group and model. */
  readonly own: ReadonlyMap<string, Cells>
}

export interface TargetRow {
  /** Canonical cells by column. */
  readonly current: Row
  /** The same as stored: what is merged into JSON must not reorder the rest. */
  readonly stored: Cells
  /** Of a channel. */
  readonly abilities: readonly Row[]
}

/** One side of a row, by the names of its shape. */
export interface Values {
  /** Canonical; secrets within other values are masked. */
  readonly cells: Cells
  /** As they are written. */
  readonly texts: Cells
}

/** What the base knows of a row. */
export interface KnownRow {
  readonly cells: Cells
  /** A seed declares elements of lists and members of maps, and leaves others alone. */
  readonly isPartial: boolean
}

export function presentKey(table: string, name: string): string {
  return JSON.stringify([table, name])
}

export function abilityKey(group: string, model: string): string {
  return JSON.stringify([group, model])
}
