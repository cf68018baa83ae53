import { compareCells } from '../gateway/cells.ts'
import type { ColumnRole, ColumnRule } from '../gateway/columns.ts'
import { cleanList } from '../gateway/lists.ts'
import { isOptionMap } from '../gateway/options.ts'
import { isEnvironmentOption, isSecretOption } from '../gateway/secrets.ts'
import type { Cell } from '../snapshot/model.ts'
import { canonicalMembers, differingMembers, type MemberDifference } from './json-map.ts'
import { compareSecrets } from './secret-cells.ts'

/** Canonical cells of one row by column; a column that is not there was not read. */
export type Cells = ReadonlyMap<string, Cell>

/** One cell, or one member of a cell, that two rows do not share. */
export interface CellDifference {
  readonly column: string
  readonly rule: ColumnRule
  /** Member of a JSON object, where members are compared one by one; null for the whole value. */
  readonly path: string | null
  /** `formatting`: the same meaning written so that the gateway misreads it (a padded list). */
  readonly difference: 'different' | 'formatting'
  /** Rows that have the member; `both` for a whole value. */
  readonly present: 'both' | 'from' | 'to'
  /** Canonical; null also for a member that the row does not have. */
  readonly from: Cell
  readonly to: Cell
  /** Both values are NULL, '', `set` or a fingerprint. */
  readonly secret: boolean
  /** Belongs to one installation. */
  readonly environment: boolean
  /** A running gateway does this by itself: it disables and enables channels. */
  readonly runtime: boolean
  /** Elements of a list that only the right, or only the left row has; [] for other cells. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export interface RowDifference {
  readonly differences: readonly CellDifference[]
  /** Secrets that are set on both sides and of which nobody can say whether they are equal. */
  readonly unknown: number
}

const NOT_COMPARED: ReadonlySet<ColumnRole> = new Set([
  'locator',
  'volatile',
  'derived',
  'identity',
])

const ENABLED = '1'
const DISABLED_BY_GATEWAY = '3'

/** What separates two rows with the same key; columns that only one of them has are left out. */
export function diffCells(columns: readonly ColumnRule[], from: Cells, to: Cells): RowDifference {
  const differences: CellDifference[] = []
  let unknown = 0
  for (const rule of comparedRules(columns, from, to)) {
    const cell = describeCell(rule, from, from.get(rule.name)!, to.get(rule.name)!)
    if (!cell.secret) differences.push(...plainDifferences(cell, from))
    else if (compareSecrets(cell.from, cell.to) === 'unknown') unknown += 1
    else if (compareSecrets(cell.from, cell.to) === 'different') differences.push(cell)
  }
  return { differences, unknown }
}

/** All compared cells of a row that only one side has. */
export function cellsOfRow(
  columns: readonly ColumnRule[],
  row: Cells,
  side: 'from' | 'to',
): CellDifference[] {
  return comparedRules(columns, row, row).map((rule) => {
    const value = row.get(rule.name)!
    const [from, to] = side === 'from' ? [value, null] : [null, value]
    return { ...describeCell(rule, row, from, to), present: side }
  })
}

/** What another row, such as the base, has in the place of a difference; undefined when unread. */
export function valueAt({ rule, path }: CellDifference, row: Cells): Cell | undefined {
  const cell = row.get(rule.name)
  if (cell === undefined || path === null) return cell
  return canonicalMembers(cell)?.get(path) ?? null
}

/** Whether two values in the place of a difference mean the same; secrets when they may be. */
export function isSameValue({ rule, path, secret }: CellDifference, a: Cell, b: Cell): boolean {
  if (secret) return compareSecrets(a, b) !== 'different'
  return path === null ? compareCells(rule, a, b) === 'equal' : a === b
}

function comparedRules(columns: readonly ColumnRule[], from: Cells, to: Cells): ColumnRule[] {
  return columns.filter(
    ({ name, role }) => !NOT_COMPARED.has(role) && from.has(name) && to.has(name),
  )
}

function describeCell(rule: ColumnRule, row: Cells, from: Cell, to: Cell): CellDifference {
  const option = optionKey(rule, row)
  return {
    column: rule.name,
    rule,
    path: null,
    difference: 'different',
    present: 'both',
    from,
    to,
    secret: rule.role === 'secret' || (option !== null && isSecretOption(option)),
    environment: rule.role === 'environment' || (option !== null && isEnvironmentOption(option)),
    runtime: isStatusOfGateway(rule, from, to),
    added: [],
    removed: [],
  }
}

function plainDifferences(cell: CellDifference, row: Cells): CellDifference[] {
  const { rule, from, to } = cell
  const difference = compareCells(rule, from, to)
  if (difference === 'equal') return []
  if (rule.compare === 'csv-set') return [{ ...cell, difference, ...listDifference(from, to) }]
  const members = isMap(rule, row) ? differingMembers(from, to) : []
  if (members.length === 0) return [{ ...cell, difference }]
  return members.map((member) => ({ ...cell, difference, ...member, present: sides(member) }))
}

function isMap(rule: ColumnRule, row: Cells): boolean {
  return rule.compare === 'json-map' || isOptionMap(optionKey(rule, row) ?? '')
}

function sides({ from, to }: MemberDifference): CellDifference['present'] {
  if (from === null) return 'to'
  return to === null ? 'from' : 'both'
}

function listDifference(from: Cell, to: Cell): Pick<CellDifference, 'added' | 'removed'> {
  const [left, right] = [cleanList(from), cleanList(to)]
  return { added: without(right, left), removed: without(left, right) }
}

function without(elements: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others)
  return elements.filter((element) => !left.has(element))
}

/** What an option's value is called; null in any other place. */
function optionKey({ table, name }: ColumnRule, row: Cells): string | null {
  return table === 'options' && name === 'value' ? (row.get('key') ?? null) : null
}

function isStatusOfGateway({ table, name }: ColumnRule, from: Cell, to: Cell): boolean {
  if (table !== 'channels' || name !== 'status') return false
  const pair = new Set([from, to])
  return pair.has(ENABLED) && pair.has(DISABLED_BY_GATEWAY)
}
