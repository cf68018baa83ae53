import type { ColumnRule } from './column-rule.ts'
import { cleanList, isPadded } from './lists.ts'
import { canonicalInteger, canonicalNumber } from './numbers.ts'
import { configuredJson } from './runtime-members.ts'
import { comparableUrl } from './urls.ts'

/** `formatting`: the same elements were meant, but the gateway reads them differently. */
export type CellDifference = 'equal' | 'formatting' | 'different'

/** Whether two canonical cells of a column mean the same to the gateway, in either order. */
export function compareCells(
  rule: ColumnRule,
  left: string | null,
  right: string | null,
): CellDifference {
  if (left === right) return 'equal'
  if (rule.compare === 'csv-set') return compareLists(left, right)
  return comparable(rule, left) === comparable(rule, right) ? 'equal' : 'different'
}

function compareLists(left: string | null, right: string | null): CellDifference {
  const elements = cleanList(left)
  const others = new Set(cleanList(right))
  const isSame = elements.length === others.size && elements.every((name) => others.has(name))
  if (!isSame) return 'different'
  return isPadded(left) || isPadded(right) ? 'formatting' : 'equal'
}

function comparable(rule: ColumnRule, cell: string | null): string | null {
  if (cell === null || (cell === '' && rule.emptyIsNull)) return null
  switch (rule.compare) {
    case 'number':
      return canonicalNumber(cell)
    case 'integer':
      return canonicalInteger(cell)
    case 'json':
    case 'json-map':
    case 'channel-info':
      return configuredJson(rule, cell)
    case 'url':
      return comparableUrl(cell)
    default:
      return cell
  }
}
