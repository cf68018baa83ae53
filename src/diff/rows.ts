import { compareCells } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import type { Row } from '../snapshot/model.ts'
import { type CellChange, type Change, insertChange, updateChange } from './change.ts'

/**
 * What must change for `current` to hold what `desired` declares; columns that `desired` does not
 * name are left alone. `current` null means that the row does not exist. Null when nothing differs.
 */
export function diffRow(desired: Row, current: Row | null): Change | null {
  if (current === null) return insertChange(desired.table, desired.key, insertedCells(desired))
  if (current.locator === null) throw new TypeError('the current row comes from no database')
  return updateChange(desired.table, desired.key, current.locator, changedCells(desired, current))
}

function insertedCells(desired: Row): CellChange[] {
  return [...desired.cells].map(([column, after]) => ({
    column,
    before: null,
    after,
    difference: 'different',
    secret: columnRule(desired.table, column).role === 'secret',
  }))
}

function changedCells(desired: Row, current: Row): CellChange[] {
  const changes: CellChange[] = []
  for (const [column, after] of desired.cells) {
    const before = current.cells.get(column)
    if (before === undefined) {
      throw new TypeError(`${current.table}.${column} was declared but not read`)
    }
    const rule = columnRule(desired.table, column)
    const difference = compareCells(rule, before, after)
    if (difference === 'equal') continue
    changes.push({ column, before, after, difference, secret: rule.role === 'secret' })
  }
  return changes
}
