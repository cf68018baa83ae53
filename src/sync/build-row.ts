import type { PlanItem } from '../apply/plan.ts'
import { diffAbilities, diffOrphans, ABILITY_SOURCE_COLUMNS } from '../diff/abilities.ts'
import type { CellDifference, Cells } from '../diff/cells.ts'
import {
  type CellChange,
  type Change,
  deleteChange,
  insertChange,
  type RebuildChange,
  updateChange,
} from '../diff/change.ts'
import { diffRow } from '../diff/rows.ts'
import { type ColumnRule, columnRule } from '../gateway/columns.ts'
import { jsonMembers, writeMembers } from '../gateway/json-members.ts'
import { withRuntimeMembers } from '../gateway/runtime-members.ts'
import { type Cell, naturalKey, type Row } from '../snapshot/model.ts'
import type { ShapeColumn } from '../snapshot/shape.ts'
import { abilityKey, type SyncRow, type SyncTable } from './world.ts'

type Changes = PlanItem['changes']

/** A row that the target lacks, with the abilities of a channel. */
export function insertedRow(
  table: SyncTable,
  row: SyncRow,
  secrets: readonly CellChange[],
): Changes | null {
  const { shape, required } = table
  const key = naturalKey(row.parts)
  const columns = [...shape.columns.slice(0, shape.keyLength), ...table.columns]
  const plain = columns.filter(
    ({ reference, rule }) => reference === null && rule.role !== 'secret',
  )
  const cells = new Map<string, Cell>()
  for (const { name, rule } of plain) {
    const text = withRuntimeMembers(rule, row.from!.texts.get(name) ?? null, null)
    if (text !== null || !required.has(name)) cells.set(name, text)
  }
  const references = columns.flatMap((column) => referenceCell(column, row, 'insert'))
  const desired: Row = { table: shape.table, key, locator: null, cells }
  const inserted = diffRow(desired, null, ruleOf(table))
  const found = inserted?.kind === 'insert' ? inserted.cells : []
  const change = insertChange(shape.table, key, [...found, ...references, ...secrets])
  return present([change, abilitiesOf(shape.table, row, created(cells))])
}

/** A row of the target of which these differences, and secrets, are written. */
export function updatedRow(
  table: SyncTable,
  row: SyncRow,
  written: readonly CellDifference[],
  secrets: readonly CellChange[],
): Changes | null {
  const { shape } = table
  const { current } = row.target!
  const columns = new Set(written.map(({ column }) => column))
  const changed = table.columns.filter(({ name }) => columns.has(name))
  const cells = new Map<string, Cell>()
  for (const { name, rule, reference } of changed) {
    if (reference !== null) continue
    const own = written.filter(({ column }) => column === name)
    cells.set(name, writtenText(rule, row, own))
  }
  const desired: Row = { table: shape.table, key: current.key, locator: null, cells }
  const plain = diffRow(desired, current, ruleOf(table))
  const references = changed.flatMap((column) => referenceCell(column, row, 'update'))
  const found = plain?.kind === 'update' ? plain.cells : []
  const change = updateChange(shape.table, current.key, current.locator!, [
    ...found,
    ...references,
    ...secrets,
  ])
  if (change === null) return null
  return present([change, abilitiesOf(shape.table, row, new Map([...current.cells, ...cells]))])
}

export function deletedRow({ shape, columns }: SyncTable, row: SyncRow): Changes | null {
  const { current, abilities } = row.target!
  const cells = [...shape.columns.slice(0, shape.keyLength), ...columns]
    .filter(({ reference }) => reference === null)
    .map(({ name, rule }): CellChange => {
      const before = current.cells.get(name) ?? null
      const secret = rule.role === 'secret'
      return { column: name, before, after: null, difference: 'different', secret }
    })
  const change = deleteChange(shape.table, current.key, current.locator!, cells)
  const orphans =
    shape.table === 'channels' ? diffOrphans(current.locator!['id'] ?? '', abilities) : null
  return present([change, orphans])
}

function ruleOf({ columns, shape }: SyncTable): (column: string) => ColumnRule {
  const rules = new Map([...shape.columns, ...columns].map(({ name, rule }) => [name, rule]))
  return (column) => rules.get(column) ?? columnRule(shape.table, column)
}

/** Ids mean nothing in another database: natural keys stand for them. */
function referenceCell(
  { name, column, reference }: ShapeColumn,
  row: SyncRow,
  kind: 'insert' | 'update',
): CellChange[] {
  if (reference === null) return []
  const keyOf = (text: Cell): Cell => (text === null || text === '' ? null : naturalKey([text]))
  const after = keyOf(row.from!.texts.get(name) ?? null)
  if (kind === 'insert' && after === null) return []
  const before = kind === 'insert' ? null : keyOf(row.to!.texts.get(name) ?? null)
  const { table } = reference
  return [{ column, before, after, difference: 'different', secret: false, reference: { table } }]
}

/** The left side's text; of a map, the target's with the members that differ. */
function writtenText(rule: ColumnRule, row: SyncRow, own: readonly CellDifference[]): Cell {
  const text = row.from!.texts.get(rule.name) ?? null
  const stored = row.target!.stored.get(rule.name) ?? null
  const members = own.some(({ path }) => path !== null) ? jsonMembers(stored ?? '') : null
  if (members === null) return withRuntimeMembers(rule, text, stored)
  const wanted = jsonMembers(text ?? '')
  for (const { path, present } of own) {
    const value = wanted?.get(path!)
    if (present === 'to' || value === undefined) members.delete(path!)
    else members.set(path!, value)
  }
  return writeMembers(members)
}

/** With what the gateway writes on create where nothing is said. */
function created(cells: Cells): Cells {
  const defaults = ABILITY_SOURCE_COLUMNS.map(
    (name) => [name, columnRule('channels', name).onCreate ?? null] as const,
  )
  return new Map([...defaults, ...cells])
}

function abilitiesOf(table: string, row: SyncRow, channel: Cells): RebuildChange | null {
  if (table !== 'channels') return null
  const change = diffAbilities({
    key: naturalKey(row.parts),
    channelId: row.target?.current.locator?.['id'] ?? null,
    channel,
    current: row.target?.abilities ?? [],
  })
  if (change === null || row.own.size === 0) return change
  const insert = change.insert.map((ability) => {
    const own = row.own.get(abilityKey(ability.group, ability.model))
    return own === undefined ? ability : { ...ability, own }
  })
  return { ...change, insert }
}

function present(changes: readonly (Change | null)[]): Changes | null {
  const [first, ...others] = changes.filter((change) => change !== null)
  return first === undefined ? null : [first, ...others]
}
