import { type CellDifference, diffCells, isSameValue, valueAt } from '../diff/cells.ts'
import { type CellClass, classifyDifference, classifyRow } from '../diff/classify.ts'
import { compareCells } from '../gateway/cells.ts'
import { cleanList, isPadded } from '../gateway/lists.ts'
import type { Cell } from '../snapshot/model.ts'
import { memorable } from './remember.ts'
import type { RowChoice } from './select.ts'
import type { KnownRow, SyncRow, SyncTable } from './world.ts'

/** A cell, or one member of it, with who changed it. */
export interface JudgedCell {
  readonly difference: CellDifference
  readonly class: CellClass
}

export interface Decision {
  readonly written: readonly JudgedCell[]
  /** Changed on the other side since both agreed, or nobody knows whether it may go. */
  readonly kept: readonly JudgedCell[]
  /** Not asked for. */
  readonly unselected: readonly JudgedCell[]
}

interface Force {
  readonly choice: RowChoice
  readonly overwrite: boolean
}

/** Which cells of a row that both sides have are written. */
export function decideCells(table: SyncTable, row: SyncRow, force: Force): Decision {
  const judged = differencesOf(table, row).map((difference) => ({
    difference,
    class: classOf(table, row, difference),
  }))
  const { columns, isSelected } = force.choice
  const isChosen = ({ difference }: JudgedCell): boolean =>
    isSelected && (columns === null || columns.has(difference.column))
  const chosen = judged.filter(isChosen)
  return {
    written: chosen.filter((cell) => isWritten(cell, force)),
    kept: chosen.filter((cell) => !isWritten(cell, force)),
    unselected: judged.filter((cell) => !isChosen(cell)),
  }
}

function differencesOf({ columns }: SyncTable, row: SyncRow): CellDifference[] {
  const rules = columns.map(({ rule }) => rule)
  const { differences } = diffCells(rules, row.from!.cells, row.to!.cells)
  return differences.filter(
    ({ secret, environment, runtime, rule, difference, to }) =>
      !secret &&
      !environment &&
      !runtime &&
      // A padded list of the left side is written as it was meant.
      (difference !== 'formatting' || (rule.compare === 'csv-set' && isPadded(to))),
  )
}

function isWritten({ difference, class: found }: JudgedCell, { choice, overwrite }: Force) {
  if (overwrite || choice.isNamed) return true
  if (found === 'drift' || found === 'conflict') return false
  // A member that only the right side has may be its own.
  return found === 'pending' || difference.present !== 'to'
}

function classOf(
  { shape, hasBase }: SyncTable,
  row: SyncRow,
  difference: CellDifference,
): CellClass {
  const from = valueAt(difference, memorable(shape, row.from!.cells)) ?? null
  const to = valueAt(difference, memorable(shape, row.to!.cells)) ?? null
  const base = baseAt(row.base, difference, { from, to })
  return classifyDifference({ from, to, base, hasBase }, (a, b) => isSameValue(difference, a, b))
}

/** Of a list or map that a seed declared in part, what it says of this value. */
function baseAt(
  row: KnownRow | null,
  difference: CellDifference,
  { from, to }: { readonly from: Cell; readonly to: Cell },
): Cell | undefined {
  const base = row === null ? undefined : valueAt(difference, row.cells)
  if (base === undefined || row?.isPartial !== true) return base
  const { path, rule } = difference
  if (path !== null) return base ?? undefined
  if (rule.compare !== 'csv-set') return base
  const isEither = [from, to].some((cell) => isSameValue(difference, cell, base))
  return isEither || ![from, to].every((cell) => holdsAll(cell, base)) ? base : undefined
}

function holdsAll(cell: Cell, part: Cell): boolean {
  const elements = new Set(cleanList(cell))
  return cleanList(part).every((element) => elements.has(element))
}

/** Who made, or removed, a row that only one side has. */
export function judgeRow({ shape, columns, hasBase }: SyncTable, row: SyncRow): CellClass {
  const side = row.kind === 'missing' ? 'from' : 'to'
  const found = classifyRow(side, { hasBase, isKnown: row.base !== null })
  if (side === 'from' || row.base === null || row.to === null) return found
  const { cells, isPartial } = row.base
  const now = memorable(shape, row.to.cells)
  const isChanged = columns.some(({ name, rule }) => {
    const before = cells.get(name)
    if (before === undefined || isPartial || rule.role === 'secret') return false
    return compareCells(rule, before, now.get(name) ?? null) === 'different'
  })
  return isChanged ? 'conflict' : found
}
