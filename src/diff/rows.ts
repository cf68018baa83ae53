import { compareCells } from '../gateway/cells.ts'
import { type ColumnRule, columnRule } from '../gateway/columns.ts'
import type { Row } from '../snapshot/model.ts'
import { type CellChange, type Change, insertChange, updateChange } from './change.ts'

type RuleOf = (column: string) => ColumnRule

/**
 * What must change for `current` to hold what `desired` declares; columns that `desired` does not
 * name are left alone. `current` null means that the row does not exist. Null when nothing differs.
 * `ruleOf` knows more of columns that only a fork has.
 */
export function diffRow(
  desired: Row,
  current: Row | null,
  ruleOf: RuleOf = (column) => columnRule(desired.table, column),
): Change | null {
  const { table, key } = desired
  if (current === null) return insertChange(table, key, insertedCells(desired, ruleOf))
  if (current.locator === null) throw new TypeError('the current row comes from no database')
  return updateChange(table, key, current.locator, changedCells(desired, current, ruleOf))
}

function insertedCells(desired: Row, ruleOf: RuleOf): CellChange[] {
  return [...desired.cells].map(([column, after]) => ({
    column,
    before: null,
    after,
    difference: 'different',
    secret: ruleOf(column).role === 'secret',
  }))
}

function changedCells(desired: Row, current: Row, ruleOf: RuleOf): CellChange[] {
  const changes: CellChange[] = []
  for (const [column, after] of desired.cells) {
    const before = current.cells.get(column)
    if (before === undefined) {
      throw new TypeError(`${current.table}.${column} was declared but not read`)
    }
    const rule = ruleOf(column)
    const difference = compareCells(rule, before, after)
    if (difference === 'equal') continue
    changes.push({ column, before, after, difference, secret: rule.role === 'secret' })
  }
  return changes
}
