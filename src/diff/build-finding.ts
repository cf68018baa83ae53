import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Cell } from '../snapshot/model.ts'
import { type CellDifference, type Cells, isSameValue, valueAt } from './cells.ts'
import { classifyDifference, classifyRow } from './classify.ts'
import type { CellFinding, Finding, FindingClass, Resolution } from './finding.ts'
import * as messages from './messages.ts'
import type { SchemaDifference } from './schema.ts'
import { severityOf, worstClass } from './severity.ts'
import { type Hash, pinOf, shownValue } from './shown.ts'

/** A finding that nobody has said yet what to do about. */
export type UnresolvedFinding = Omit<Finding, 'resolutions' | 'location'>

export interface FindingContext {
  readonly hash: Hash
  /** What people call the two sides. */
  readonly names: { readonly from: string; readonly to: string }
  /** Whether the comparison is three-way. */
  readonly hasBase: boolean
  readonly resolutions: (finding: UnresolvedFinding) => readonly Resolution[]
  readonly location: (finding: UnresolvedFinding) => Finding['location']
}

interface Place {
  readonly table: string
  /** Natural key for people. */
  readonly key: readonly string[]
}

/** A secret inside of a value, of which the fingerprint stands for it. */
const FINGERPRINTED = /\[secret:[0-9a-f]{12}\]/g

interface ChangedRow extends Place {
  readonly differences: readonly CellDifference[]
  /** The row in the base; null when the base does not have it. */
  readonly base: Cells | null
}

/** A row that both sides have; null when no cell differs. */
export function changedFinding(context: FindingContext, row: ChangedRow): Finding | null {
  const { table, key, differences, base } = row
  const cells = differences.map((difference) => changedCell(context, difference, base))
  const worst = worstClass(cells.map((cell) => cell.class))
  if (worst === null) return null
  const message = messages.changed(context.names, { table, key, cells, worst })
  return complete(context, {
    kind: 'changed',
    class: worst,
    table,
    key,
    side: null,
    message,
    cells,
  })
}

interface OneSidedRow extends Place {
  /** The side that has it. */
  readonly side: 'from' | 'to'
  /** All compared cells of the row, as `cellsOfRow` gives them. */
  readonly cells: readonly CellDifference[]
  /** Whether the base has the row. */
  readonly isKnown: boolean
}

/** A row that only one side has. */
export function oneSidedFinding(context: FindingContext, row: OneSidedRow): Finding {
  const { table, key, side } = row
  const rowClass = classifyRow(side, { hasBase: context.hasBase, isKnown: row.isKnown })
  const cells = row.cells.map((cell) => cellFinding(context, cell, specialClass(cell) ?? rowClass))
  const worst = worstClass(cells.map((cell) => cell.class)) ?? rowClass
  const kind = side === 'from' ? 'missing' : 'extra'
  const message = messages.oneSided(context.names, { table, key, side, worst })
  return complete(context, { kind, class: worst, table, key, side: null, message, cells })
}

interface DuplicateRows extends Place {
  /** The side that repeats the key. */
  readonly side: 'from' | 'to'
  readonly rows: number
  /** Rows that the other side has with this key. */
  readonly others: number
}

/** Rows of one side that share a natural key. */
export function duplicateFinding(context: FindingContext, duplicate: DuplicateRows): Finding {
  const { table, key, side } = duplicate
  const message = messages.duplicate(context.names, duplicate)
  return integrity(context, { kind: 'duplicate', table, key, side, message })
}

export function abilitiesFinding(context: FindingContext, stale: messages.StaleAbilities): Finding {
  const { key, side } = stale
  const message = messages.abilities(context.names, stale)
  return integrity(context, { kind: 'abilities', table: 'abilities', key, side, message })
}

export function schemaFinding(context: FindingContext, difference: SchemaDifference): Finding {
  const { rule, table, column, side, severity, message } = difference
  const key = column === null ? [] : [column]
  const found = { table, key, side, message, severity, cells: [] }
  return complete(context, { kind: 'schema', class: 'schema', ...found }, [rule])
}

/** `place` tells findings of the same kind, table, key and side apart. */
export function findingId(
  hash: Hash,
  { table, key, kind, side }: Pick<Finding, 'table' | 'key' | 'kind' | 'side'>,
  place: readonly (string | null)[] = [],
): string {
  return hash(JSON.stringify([table, key, kind, side, ...place])).slice(0, 12)
}

type Draft = Omit<UnresolvedFinding, 'id' | 'severity' | 'acceptance'> &
  Partial<Pick<Finding, 'severity' | 'acceptance'>>

export function complete(
  context: FindingContext,
  draft: Draft,
  place: readonly (string | null)[] = [],
): Finding {
  const { table, key, kind, side, cells } = draft
  const finding: UnresolvedFinding = {
    ...draft,
    acceptance: draft.acceptance ?? null,
    id: findingId(context.hash, { table, key, kind, side }, place),
    severity: draft.severity ?? severityOf(draft.class, cells),
    key: key.map((text) => hideSecrets(text)),
  }
  return {
    ...finding,
    resolutions: context.resolutions(finding),
    location: context.location(finding),
  }
}

function integrity(context: FindingContext, draft: Omit<Draft, 'class' | 'cells'>): Finding {
  return complete(context, { ...draft, class: 'integrity', cells: [] })
}

function changedCell(
  context: FindingContext,
  difference: CellDifference,
  row: Cells | null,
): CellFinding {
  const { hasBase } = context
  const base = row === null || !hasBase ? undefined : valueAt(difference, row)
  // What is remembered holds no secret: then the sides are compared with it without theirs.
  const shown = base?.includes('[secret]') === true ? withoutSecrets : (cell: Cell) => cell
  const states = { from: shown(difference.from), to: shown(difference.to), base, hasBase }
  const found =
    specialClass(difference) ?? classifyDifference(states, (a, b) => isSameValue(difference, a, b))
  const cell = cellFinding(context, difference, found)
  return base === undefined ? cell : { ...cell, base: shownValue(base, difference.secret) }
}

function withoutSecrets(cell: Cell): Cell {
  return cell === null ? null : hideSecrets(cell).replaceAll(FINGERPRINTED, '[secret]')
}

/** Of cells that nobody has to make equal. */
function specialClass({ environment, runtime }: CellDifference): FindingClass | null {
  if (environment) return 'environment'
  return runtime ? 'runtime' : null
}

function cellFinding(
  { hash }: FindingContext,
  difference: CellDifference,
  found: FindingClass,
): CellFinding {
  const { column, path, present, from, to, secret, added, removed } = difference
  return {
    column,
    path: path === null ? null : hideSecrets(path),
    difference: difference.difference,
    class: found,
    present,
    from: shownValue(from, secret),
    to: shownValue(to, secret),
    secret,
    added: added.map((text) => hideSecrets(text)),
    removed: removed.map((text) => hideSecrets(text)),
    pin: pinOf(difference, hash),
  }
}
