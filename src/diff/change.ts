import type { Ability } from '../gateway/abilities.ts'
import type { Cell, Locator, Row } from '../snapshot/model.ts'

/**
 * What separates two snapshots. A change without a cell cannot be made: the functions below are
 * the only constructors, and they return null when nothing differs.
 */

export interface CellChange {
  readonly column: string
  readonly before: Cell
  readonly after: Cell
  /** `formatting`: the same meaning written so that the gateway misreads it (a padded list). */
  readonly difference: 'different' | 'formatting'
  /** Both sides are fingerprints. */
  readonly secret: boolean
  /** The column holds an id: both sides are natural keys of rows of this table (see `naturalKey`). */
  readonly reference?: { readonly table: string }
}

export type CellChanges = readonly [CellChange, ...CellChange[]]

export interface InsertChange {
  readonly kind: 'insert'
  readonly table: string
  readonly key: string
  readonly cells: CellChanges
}

export interface UpdateChange {
  readonly kind: 'update'
  readonly table: string
  readonly key: string
  readonly locator: Locator
  readonly cells: CellChanges
}

/** A row that exists and must not: each cell with the value that it has. */
export interface DeleteChange {
  readonly kind: 'delete'
  readonly table: string
  readonly key: string
  readonly locator: Locator
  readonly cells: CellChanges
}

/** A new ability, with what it holds in columns that are not derived from its channel. */
export interface PlannedAbility extends Ability {
  readonly own?: ReadonlyMap<string, Cell>
}

/** An ability that exists and must differ: its primary key stays, its other cells change. */
export interface AbilityUpdate {
  readonly before: Row
  readonly after: Ability
}

/**
 * The abilities of one channel do not equal their derivation. One change per channel, applied in
 * the transaction that changes the channel; columns that a fork added stay as they are.
 */
export interface RebuildChange {
  readonly kind: 'rebuild'
  readonly table: 'abilities'
  /** Natural key of the channel. */
  readonly key: string
  /** Null when the channel is inserted by the same plan. */
  readonly channelId: string | null
  /**
   * Cells of the channel, as they will be, that the abilities are derived from; null when there must
   * be no such channel.
   */
  readonly source: ReadonlyMap<string, Cell> | null
  readonly insert: readonly PlannedAbility[]
  readonly update: readonly AbilityUpdate[]
  readonly remove: readonly Row[]
}

export type Change = InsertChange | UpdateChange | DeleteChange | RebuildChange

function isNonEmpty(cells: readonly CellChange[]): cells is CellChanges {
  return cells.length > 0
}

/** Null when there is no cell to write. */
export function insertChange(
  table: string,
  key: string,
  cells: readonly CellChange[],
): InsertChange | null {
  return isNonEmpty(cells) ? { kind: 'insert', table, key, cells } : null
}

/** Null when no cell differs. */
export function updateChange(
  table: string,
  key: string,
  locator: Locator,
  cells: readonly CellChange[],
): UpdateChange | null {
  return isNonEmpty(cells) ? { kind: 'update', table, key, locator, cells } : null
}

/** Null when no cell of the row is known. */
export function deleteChange(
  table: string,
  key: string,
  locator: Locator,
  cells: readonly CellChange[],
): DeleteChange | null {
  return isNonEmpty(cells) ? { kind: 'delete', table, key, locator, cells } : null
}

/** Null when the abilities already equal their derivation. */
export function rebuildChange(change: Omit<RebuildChange, 'kind' | 'table'>): RebuildChange | null {
  const size = change.insert.length + change.update.length + change.remove.length
  return size === 0 ? null : { kind: 'rebuild', table: 'abilities', ...change }
}
