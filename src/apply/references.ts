import { sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import type { CellChange, Change } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import { GATEWAY_TABLES } from '../gateway/columns.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Cell } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import { atAny, isLive, isOneOf } from './conditions.ts'
import { portions } from './located.ts'
import { keyParts, rowKey } from './row-key.ts'

interface Target {
  readonly database: Database
  readonly catalog: Catalog
}

/**
 * The ids of the rows that a plan's cells are to refer to, by `rowKey`; of those that the plan
 * itself inserts there is none yet.
 * @throws TidegateError `value` when there is not exactly one such row.
 */
export async function findReferredIds(
  target: Target,
  changes: readonly Change[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const [table, keys] of referredKeys(changes)) {
    for (const some of portions([...keys])) await addIds(target, { table, keys: some }, ids)
  }
  return ids
}

function referredKeys(changes: readonly Change[]): Map<string, Set<string>> {
  const inserted = insertedKeys(changes)
  const wanted = new Map<string, Set<string>>()
  for (const change of changes) {
    if (change.kind !== 'insert' && change.kind !== 'update') continue
    for (const { reference, after } of change.cells) {
      if (reference === undefined || after === null) continue
      if (inserted.has(rowKey(reference.table, after))) continue
      wanted.set(reference.table, (wanted.get(reference.table) ?? new Set()).add(after))
    }
  }
  return wanted
}

function insertedKeys(changes: readonly Change[]): ReadonlySet<string> {
  const inserts = changes.filter(({ kind }) => kind === 'insert')
  return new Set(inserts.map(({ table, key }) => rowKey(table, key)))
}

async function addIds(
  { database, catalog }: Target,
  { table, keys }: { readonly table: string; readonly keys: readonly string[] },
  ids: Map<string, string>,
): Promise<void> {
  const columns = GATEWAY_TABLES[table]?.naturalKey ?? []
  const named = isOneOf(table, columns, keys.map(keyParts))
  const where = () => sql<boolean>`(${named} and ${isLive(catalog, table)})`
  const reads = [{ table, columns: [], where, verbatim: true }]
  const [rows = []] = await readRows(database, catalog, null, reads)
  const found = Map.groupBy(rows, ({ key }) => key)
  for (const key of keys) {
    const [row, ...others] = found.get(key) ?? []
    if (row === undefined || others.length > 0) throw notOne(table, key, 1 + others.length, row)
    ids.set(rowKey(table, key), row.locator!['id']!)
  }
}

function notOne(table: string, key: string, count: number, row: unknown): TidegateError {
  const name = hideSecrets(key)
  const problem = row === undefined ? 'does not exist' : `is there ${count} times`
  return new TidegateError(
    'value',
    `nothing was written: ${name} of ${table}, which rows refer to, ${problem}`,
    {
      nextStep: `see to it that ${table} has that row once, then plan again`,
      details: { table, key: keyParts(name), count: row === undefined ? 0 : count },
    },
  )
}

/** The natural keys of the rows that these cells refer to now, by `rowKey` of table and id. */
export async function findReferredKeys(
  target: Target,
  cells: readonly { readonly cell: CellChange; readonly id: Cell }[],
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>()
  const referring = cells.filter(({ cell, id }) => cell.reference !== undefined && id !== null)
  const byTable = Map.groupBy(referring, ({ cell }) => cell.reference!.table)
  for (const [table, entries] of byTable) {
    const ids = [...new Set(entries.map(({ id }) => id!))]
    for (const some of portions(ids)) {
      const where = () =>
        atAny(
          target,
          table,
          some.map((id) => ({ id })),
        )
      const reads = [{ table, columns: [], where, verbatim: true }]
      const [rows = []] = await readRows(target.database, target.catalog, null, reads)
      for (const { key, locator } of rows) keys.set(rowKey(table, locator!['id']!), key)
    }
  }
  return keys
}
