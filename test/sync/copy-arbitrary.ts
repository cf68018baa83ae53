import fc from 'fast-check'
import type { Catalog, CatalogColumn } from '../../src/database/contract.ts'
import type { Value } from '../seed/world.ts'
import { hostileValues } from '../support/hostile.ts'
import { COPIED_TABLES } from './copy-world.ts'

/** Whole gateways at random, of values that both dialects hold. */

export interface GeneratedRow {
  readonly table: string
  readonly cells: Readonly<Record<string, Value | bigint>>
}

const HOSTILE = hostileValues(200).filter(
  (text) => text.isWellFormed() && !text.includes('\0') && text.length < 2_000,
)

const INFINITE_LENGTH = 1_000_000

/** @param catalog of the PostgreSQL side, which says what fits */
export function gateways(catalog: Catalog): fc.Arbitrary<GeneratedRow[]> {
  const tables = COPIED_TABLES.filter((table) => catalog.has(table))
  const rows = tables.map((table) =>
    fc
      .array(rowOf([...catalog.get(table)!.values()]), { maxLength: 4 })
      .map((all) => all.map((cells, index) => ({ table, cells: apart(table, cells, index) }))),
  )
  return fc.tuple(...rows).map((all) => all.flat())
}

function rowOf(columns: readonly CatalogColumn[]) {
  return fc.record(Object.fromEntries(columns.map((column) => [column.name, valueOf(column)])))
}

function valueOf(column: CatalogColumn): fc.Arbitrary<Value | bigint> {
  const value = VALUES[column.family]?.(column) ?? fc.constant(null)
  return column.nullable ? fc.oneof({ weight: 5, arbitrary: value }, fc.constant(null)) : value
}

type Values = (column: CatalogColumn) => fc.Arbitrary<Value | bigint>

const VALUES: Partial<Record<CatalogColumn['family'], Values>> = {
  text: ({ maxLength, type }) =>
    fc
      .oneof(
        fc.constantFrom(...HOSTILE),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', 'NULL', '\\N', '\\x41', "it's", '旧网关'),
      )
      .map((text) => text.replaceAll('\0', ''))
      .map((text) => [...text].slice(0, maxLength ?? INFINITE_LENGTH).join(''))
      .map((text) => (type.startsWith('character(') ? text.trimEnd() : text)),
  integer: ({ type }) =>
    type === 'integer'
      ? fc.integer()
      : fc.oneof(
          fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          fc.constantFrom(0n, -1n, 9007199254740993n, 2n ** 63n - 1n),
        ),
  number: ({ type }) =>
    type === 'real'
      ? fc.integer({ min: -9999, max: 9999 }).map((value) => value / 100)
      : fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  boolean: () => fc.boolean(),
  json: () =>
    fc.json({ depthSize: 'small', stringUnit: 'grapheme' }).map((text) => Buffer.from(text)),
  time: () =>
    fc
      .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
      .map((date) => date.toISOString().replace('Z', '000Z')),
}

/** Keys and unique columns of their own for each row. */
function apart(
  table: string,
  cells: Readonly<Record<string, Value | bigint>>,
  index: number,
): Record<string, Value | bigint> {
  const own: Record<string, Value | bigint> = { ...cells }
  if ('id' in own) own['id'] = index === 3 ? 9007199254740993n : index + 1
  const unique = {
    options: ['key'],
    abilities: ['model'],
    tokens: ['key'],
    users: ['username', 'access_token', 'aff_code'],
    prefill_groups: ['name'],
    models: ['model_name'],
    vendors: ['name'],
  } as Record<string, string[]>
  for (const name of unique[table] ?? []) {
    if (own[name] === null || !(name in own)) continue
    own[name] = `${index}${String(own[name])}`.slice(0, 30).toWellFormed().trimEnd()
  }
  return own
}
