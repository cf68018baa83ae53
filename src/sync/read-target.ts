import { type RawBuilder, sql } from 'kysely'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS } from '../diff/abilities.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { type Cell, type Locator, naturalKey, type Row } from '../snapshot/model.ts'
import { readRows, type TableRead } from '../snapshot/read.ts'
import type { TableShape } from '../snapshot/shape.ts'
import type { TargetRow } from './world.ts'

export interface TargetInput {
  readonly reader: DatabaseReader
  readonly catalog: Catalog
  readonly fingerprinter: Fingerprinter | null
}

const BATCH_ROWS = 300

/** Rows of the target by their natural key, with what preconditions compare again when they are written. */
export async function readTargetRows(
  input: TargetInput,
  shape: TableShape,
  keys: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, TargetRow>> {
  const found = await readAll(input, shape, keys, columnsOf(shape))
  return shape.table === 'channels' ? withAbilities(input, found) : found
}

/** Ids of rows of the target by their natural key, or what stands for one where there is none. */
export async function readRowIds(
  input: TargetInput,
  shape: TableShape,
  keys: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, string>> {
  const columns = shape.columns.slice(0, shape.keyLength).map(({ column }) => column)
  const rows = await readAll(input, shape, keys, columns)
  return new Map([...rows].map(([key, { current }]) => [key, rowIdOf(current)]))
}

export function rowIdOf({ locator, key }: Row): string {
  return locator?.['id'] ?? locator?.['key'] ?? key
}

async function readAll(
  input: TargetInput,
  shape: TableShape,
  keys: readonly (readonly string[])[],
  columns: readonly string[],
): Promise<Map<string, TargetRow>> {
  const found = new Map<string, TargetRow>()
  for (const batch of batches(keys)) {
    const wanted = new Set(batch.map((parts) => naturalKey(parts)))
    for (const [key, row] of await readBatch(input, shape, batch, columns)) {
      if (wanted.has(key)) found.set(key, row)
    }
  }
  return found
}

async function readBatch(
  input: TargetInput,
  shape: TableShape,
  keys: readonly (readonly string[])[],
  columns: readonly string[],
): Promise<[string, TargetRow][]> {
  const names = await readNames(input, shape, keys)
  const conditions = shape.columns.slice(0, shape.keyLength).map(({ column, reference }, index) => {
    const values =
      reference === null ? keys.map((key) => key[index]!) : [...names.get(column)!.keys()]
    return isIn(`${shape.table}.${column}`, values)
  })
  const where = () => allOf([...conditions, isLive(input.catalog, shape.table)])
  const { reader, catalog, fingerprinter } = input
  const wanted = [...primaryKey(catalog, shape.table), ...columns]
  const read: TableRead = { table: shape.table, columns: wanted, where }
  const [rows = [], stored = []] = await readRows(reader, catalog, fingerprinter, [
    read,
    { ...read, verbatim: true },
  ])
  const texts = new Map(stored.map((row) => [placeOf(input, row), row.cells]))
  return rows.map((row) => {
    const locator = locatorOf(input, row)
    const key = naturalKey(partsOf(shape, row, names))
    const cells = texts.get(placeOf(input, row)) ?? row.cells
    return [key, { current: { ...row, key, locator }, stored: cells, abilities: [] }]
  })
}

/** By column that holds an id: of each id the columns that stand for it in the key. */
type Names = ReadonlyMap<string, ReadonlyMap<string, Row['cells']>>

async function readNames(
  { reader, catalog }: TargetInput,
  { columns, keyLength }: TableShape,
  keys: readonly (readonly string[])[],
): Promise<Names> {
  const references = columns
    .slice(0, keyLength)
    .map(({ column, reference }, index) => ({ column, reference, index }))
    .filter((part) => part.reference !== null)
  const names = new Map<string, Map<string, Row['cells']>>()
  for (const [column, parts] of Map.groupBy(references, (part) => part.column)) {
    const { table } = parts[0]!.reference!
    const conditions = parts.map(({ reference, index }) =>
      isIn(
        `${table}.${reference!.show}`,
        keys.map((key) => key[index]!),
      ),
    )
    const where = () => allOf([...conditions, isLive(catalog, table)])
    const shows = parts.map(({ reference }) => reference!.show)
    const [rows = []] = await readRows(reader, catalog, null, [{ table, columns: shows, where }])
    names.set(column, new Map(rows.map((row) => [row.locator!['id'] ?? '', row.cells])))
  }
  return names
}

function partsOf({ columns, keyLength }: TableShape, { cells }: Row, names: Names): Cell[] {
  return columns.slice(0, keyLength).map(({ column, reference }) => {
    const cell = cells.get(column) ?? null
    if (reference === null) return cell
    return (
      names
        .get(column)
        ?.get(cell ?? '')
        ?.get(reference.show) ?? null
    )
  })
}

function columnsOf({ table, columns }: TableShape): string[] {
  const source = table === 'channels' ? ABILITY_SOURCE_COLUMNS : []
  return [...columns.map(({ column }) => column), ...source]
}

function primaryKey(catalog: Catalog, table: string): string[] {
  return [...(catalog.get(table)?.values() ?? [])]
    .filter(({ keyPosition }) => keyPosition !== null)
    .toSorted((a, b) => a.keyPosition! - b.keyPosition!)
    .map(({ name }) => name)
}

function locatorOf({ catalog }: TargetInput, { table, cells, locator }: Row): Locator {
  const key = primaryKey(catalog, table)
  if (key.length === 0) return locator ?? {}
  return Object.fromEntries(key.map((name) => [name, cells.get(name) ?? '']))
}

function placeOf(input: TargetInput, row: Row): string {
  return JSON.stringify(locatorOf(input, row))
}

async function withAbilities(
  { reader, catalog }: TargetInput,
  rows: ReadonlyMap<string, TargetRow>,
): Promise<ReadonlyMap<string, TargetRow>> {
  const ids = [...rows.values()].map(({ current }) => current.locator!['id'] ?? '')
  const abilities: Row[] = []
  for (const batch of batches(ids)) {
    const where = () => isIn('abilities.channel_id', batch)
    const columns = ['enabled', 'priority', 'weight', 'tag']
    const [found = []] = await readRows(reader, catalog, null, [
      { table: 'abilities', columns, where },
    ])
    abilities.push(...found)
  }
  const byChannel = Map.groupBy(abilities, ({ locator }) => locator!['channel_id'])
  return new Map(
    [...rows].map(([key, row]) => {
      const own = byChannel.get(row.current.locator!['id'])
      return [key, { ...row, abilities: own ?? [] }]
    }),
  )
}

/** How many rows of a table have each of these names. */
export async function countNamed(
  { reader, catalog }: TargetInput,
  { table, show }: { readonly table: string; readonly show: string },
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const batch of batches([...new Set(names)])) {
    const where = () => allOf([isIn(`${table}.${show}`, batch), isLive(catalog, table)])
    const [rows = []] = await readRows(reader, catalog, null, [{ table, columns: [show], where }])
    for (const { cells } of rows) {
      const name = cells.get(show) ?? ''
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return counts
}

function* batches<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += BATCH_ROWS) {
    yield items.slice(start, start + BATCH_ROWS)
  }
}

function isLive(catalog: Catalog, table: string): RawBuilder<boolean> {
  if (catalog.get(table)?.has('deleted_at') !== true) return sql<boolean>`(1 = 1)`
  return sql<boolean>`(${sql.ref(`${table}.deleted_at`)} is null)`
}

function isIn(column: string, values: readonly string[]): RawBuilder<boolean> {
  if (values.length === 0) return sql<boolean>`(1 = 0)`
  return sql<boolean>`(${sql.ref(column)} in (${sql.join([...new Set(values)])}))`
}

function allOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return sql<boolean>`(${sql.join([...conditions], sql` and `)})`
}
