import type { CellChange, DeleteChange, UpdateChange } from '../diff/change.ts'
import { columnRule } from '../gateway/columns.ts'
import type { Cell, Locator, Row } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import { atAny } from './conditions.ts'
import { portions } from './located.ts'
import type { PreconditionInput } from './preconditions.ts'
import { findReferredKeys } from './references.ts'
import { rowKey } from './row-key.ts'
import { staleCell, type StaleRows } from './stale.ts'

type RowChange = UpdateChange | DeleteChange

/** Whether each row that is to be changed or deleted still has the cells that the plan saw. */
export async function checkRows(input: PreconditionInput, stale: StaleRows): Promise<void> {
  const changes = input.changes.filter(
    (change) => change.kind === 'update' || change.kind === 'delete',
  )
  const alike = Map.groupBy(changes, (change) =>
    JSON.stringify([change.table, Object.keys(change.locator), hiddenColumns(change)]),
  )
  for (const group of alike.values()) {
    for (const some of portions(group)) await checkPortion(input, some, stale)
  }
}

/** Whatever is a secret in this row, though the rest of its column is none. */
function hiddenColumns({ table, cells }: RowChange): string[] {
  const hidden = cells.filter(
    ({ column, secret }) => secret && columnRule(table, column).role !== 'secret',
  )
  return hidden.map(({ column }) => column).toSorted()
}

async function checkPortion(
  input: PreconditionInput,
  changes: readonly RowChange[],
  stale: StaleRows,
): Promise<void> {
  const byLocator = await readCurrent(input, changes)
  const pairs = changes.flatMap((change) => {
    const row = byLocator.get(locatorKey(change.locator))
    if (row !== undefined) return [{ change, row }]
    const { table, key } = change
    stale.add({ table, key, problem: 'gone' })
    return []
  })
  const referring = pairs.flatMap(({ change, row }) =>
    change.cells.map((cell) => ({ cell, id: cellOf(row, cell) })),
  )
  const keys = await findReferredKeys(input, referring)
  for (const { change, row } of pairs) compareRow(change, row, keys, stale)
}

async function readCurrent(
  { database, catalog, fingerprinter }: PreconditionInput,
  changes: readonly RowChange[],
): Promise<ReadonlyMap<string, Row>> {
  const [{ table, locator }] = changes as [RowChange]
  const names = Object.keys(locator)
  const columns = changes.flatMap(({ cells }) => cells.map(({ column }) => column))
  const locators = changes.map((change) => change.locator)
  const read = {
    table,
    columns: [...names, ...columns],
    where: () => atAny({ database, catalog }, table, locators),
    hidden: hiddenColumns(changes[0]!),
  }
  const [rows = []] = await readRows(database, catalog, fingerprinter, [read])
  return new Map(rows.map((row) => [JSON.stringify(names.map((name) => row.cells.get(name))), row]))
}

function locatorKey(locator: Locator): string {
  return JSON.stringify(Object.values(locator))
}

/** `keys` are the natural keys of the rows that cells refer to now, by `rowKey` of table and id. */
function compareRow(
  { table, key, cells }: RowChange,
  row: Row,
  keys: ReadonlyMap<string, string>,
  stale: StaleRows,
): void {
  const changed = cells.flatMap((cell) => {
    const { before, reference } = cell
    const value = cellOf(row, cell)
    const isId = reference !== undefined && value !== null
    const now = isId ? (keys.get(rowKey(reference.table, value)) ?? null) : value
    return before === now ? [] : [staleCell(cell, before, now)]
  })
  if (changed.length > 0) stale.add({ table, key, problem: 'changed', cells: changed })
}

function cellOf(row: Row, { column }: CellChange): Cell {
  return row.cells.get(column) ?? null
}
