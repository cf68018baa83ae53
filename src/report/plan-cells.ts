import type { CellChange, Change } from '../diff/change.ts'
import type { ShownValue } from '../diff/finding.ts'
import { differingMembers, type MemberDifference } from '../diff/json-map.ts'
import { shownValue } from '../diff/shown.ts'
import { columnRule } from '../gateway/columns.ts'
import { cleanList } from '../gateway/lists.ts'
import { isOptionMap } from '../gateway/options.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { isSecretOption } from '../gateway/secrets.ts'
import type { PlanCellFacts, ReadableItem, SecretWord } from './plan-model.ts'

/** The cells that an item writes, as people may see them, and the secrets that it keeps. */
export function planCells(item: ReadableItem): PlanCellFacts[] {
  const written = item.changes.flatMap((change) =>
    change.kind === 'rebuild' ? [] : change.cells.flatMap((cell) => describe(item, change, cell)),
  )
  const named = new Set(written.map(({ column }) => column))
  const kept = item.secrets.filter(
    ({ column, reference }) => reference.kind === 'keep' && !named.has(column),
  )
  return [...written, ...kept.map(({ column }) => ({ column, ...BLANK, secret: 'keep' as const }))]
}

const BLANK = {
  path: null,
  before: null,
  after: null,
  present: 'both',
  difference: 'different',
  secret: null,
  added: [],
  removed: [],
} as const

function describe(item: ReadableItem, change: Change, cell: CellChange): PlanCellFacts[] {
  const { column, before, after, difference } = cell
  const shared = { column, ...BLANK, difference, present: presence(change) }
  const option = optionOf(change, column)
  if (cell.secret || (option !== null && isSecretOption(option))) {
    const show = (value: string | null): ShownValue => shownValue(value, true)
    const secret = secretWord(item, cell)
    return [{ ...shared, before: show(before), after: show(after), secret }]
  }
  if (cell.reference !== undefined) {
    return [{ ...shared, before: referred(before), after: referred(after) }]
  }
  if (change.kind === 'update') {
    const { compare } = columnRule(change.table, column)
    const isMap = compare === 'json-map' || isOptionMap(option ?? '')
    const members = isMap ? differingMembers(before, after) : []
    if (members.length > 0) return members.map((member) => ({ ...shared, ...memberFacts(member) }))
    if (compare === 'csv-set') return [{ ...shared, ...plain(cell), ...elements(cell) }]
  }
  return [{ ...shared, ...plain(cell) }]
}

function presence({ kind }: Change): PlanCellFacts['present'] {
  if (kind === 'insert') return 'after'
  return kind === 'delete' ? 'before' : 'both'
}

function plain({ before, after }: CellChange): Pick<PlanCellFacts, 'before' | 'after'> {
  return { before: shownValue(before, false), after: shownValue(after, false) }
}

function memberFacts({ path, from, to }: MemberDifference) {
  const present = from === null ? 'after' : to === null ? 'before' : 'both'
  const [before, after] = [from, to].map((value) => shownValue(value, false))
  return { path: hideSecrets(path), before: before!, after: after!, present } as const
}

function elements({ before, after }: CellChange): Pick<PlanCellFacts, 'added' | 'removed'> {
  const [old, wanted] = [cleanList(before), cleanList(after)]
  const without = (list: readonly string[], others: readonly string[]): string[] => {
    const known = new Set(others)
    return list.filter((element) => !known.has(element)).map((element) => hideSecrets(element))
  }
  return { added: without(wanted, old), removed: without(old, wanted) }
}

/** What an option's value is called; null in any other place. */
function optionOf({ table, key }: Change, column: string): string | null {
  if (table !== 'options' || column !== 'value') return null
  return (JSON.parse(key) as (string | null)[])[0] ?? ''
}

/** The row that an id stands for, by its natural key. */
function referred(key: string | null): ShownValue {
  if (key === null) return null
  const parts = JSON.parse(key) as (string | null)[]
  return hideSecrets(parts.map((part) => part ?? '').join(' '))
}

function secretWord({ secrets }: ReadableItem, { column, after }: CellChange): SecretWord {
  const reference = secrets.find((use) => use.column === column)?.reference
  if (reference === undefined) return after === null || after === '' ? 'removed' : 'set'
  if (reference.kind === 'env') return `env:${reference.name}`
  return reference.kind === 'file' ? `file:${reference.path}` : reference.kind
}
