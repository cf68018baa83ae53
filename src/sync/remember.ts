import { type CellDifference, type Cells, valueAt } from '../diff/cells.ts'
import { canonicalMembers } from '../diff/json-map.ts'
import { canonicalJson } from '../gateway/json.ts'
import { writeMembers } from '../gateway/json-members.ts'
import { configuredJson } from '../gateway/runtime-members.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Cell } from '../snapshot/model.ts'
import type { ShapeColumn, TableShape } from '../snapshot/shape.ts'
import { intended } from './values.ts'

/** Secrets are never remembered, wherever they are. */
const hideAll = maskSecrets(null)

/** Cells as they are remembered, and as they are compared with what is. */
export function memorable(shape: TableShape, cells: Cells): Cells {
  return hideAll(shape, intended(shape, cells))
}

export interface Agreement {
  readonly columns: readonly ShapeColumn[]
  /** Of the left side, as `memorable` gives them. */
  readonly cells: Cells
  /** In which the sides still differ afterwards. */
  readonly open: readonly CellDifference[]
  /** What they agreed on before; null when that is nothing. */
  readonly base: Cells | null
}

/**
 * Canonical JSON of the cells that both sides agree on: the left side's, and where they still
 * differ, what they agreed on before.
 */
export function agreedCells({ columns, cells, open, base }: Agreement): string {
  const agreed: [string, Cell][] = []
  for (const { name, rule } of columns) {
    const cell = cells.get(name)
    if (rule.role === 'secret' || cell === undefined) continue
    const still = open.filter(({ column }) => column === name)
    const value = withBase(cell, still, base)
    if (value !== undefined) agreed.push([name, canonical({ rule }, value)])
  }
  return JSON.stringify(Object.fromEntries(agreed.toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** Undefined when nothing is agreed on. */
function withBase(cell: Cell, open: readonly CellDifference[], base: Cells | null) {
  const [first] = open
  if (first === undefined) return cell
  if (first.path === null) return base === null ? undefined : valueAt(first, base)
  const members = new Map(canonicalMembers(cell))
  for (const difference of open) {
    const before = base === null ? null : (valueAt(difference, base) ?? null)
    if (before === null) members.delete(difference.path!)
    else members.set(difference.path!, before)
  }
  return canonicalJson(writeMembers(members))
}

/** Without what the gateway writes by itself, so that nothing is remembered anew for that. */
function canonical({ rule }: Pick<ShapeColumn, 'rule'>, cell: Cell): Cell {
  if (cell === null) return null
  switch (rule.compare) {
    case 'json':
    case 'json-map':
    case 'channel-info':
      return configuredJson(rule, cell)
    default:
      return cell
  }
}
