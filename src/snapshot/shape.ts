import type { Catalog, CatalogColumn, TypeFamily } from '../database/contract.ts'
import { type ColumnRule, columnRule } from '../gateway/columns.ts'
import {
  OPTIONAL_TABLES,
  type Reference,
  RUNTIME_TABLES,
  TABLE_SPECS,
  type TableSpec,
} from './table-specs.ts'

/** One column of a comparison, read alike from both sides. */
export interface ShapeColumn {
  /** What it is called in reports; the column itself, or what a reference stands for. */
  readonly name: string
  readonly column: string
  readonly rule: ColumnRule
  /** Ids mean nothing in another database: shows this column of the row that the id names. */
  readonly reference: { readonly table: string; readonly show: string } | null
}

/** What is compared of one table: the columns that both sides have, the key first. */
export interface TableShape {
  readonly table: string
  readonly columns: readonly ShapeColumn[]
  readonly keyLength: number
  /** How the fields of the key are ordered. */
  readonly keyKinds: readonly ('integer' | 'text')[]
  /** Only rows in which this column is NULL, on a side that has it. */
  readonly whereNull: string | null
  /**
   * Which rows are findings when only one side has them: `all`; `left`, because rows that only the
   * right side has are its customers' own; `none`, because another table says it already.
   */
  readonly unpaired: 'all' | 'left' | 'none'
  /** Columns of a type that nobody knows how to compare; they are left out. */
  readonly unmapped: readonly string[]
}

export interface ShapedTables {
  readonly shapes: readonly TableShape[]
  /** Wanted, and not comparable: why. `isFault` when that leaves the comparison incomplete. */
  readonly absent: readonly {
    readonly table: string
    readonly reason: string
    readonly isFault: boolean
  }[]
  /** Tables of either side that nobody asked to compare. */
  readonly notCompared: readonly string[]
}

/** What can be compared between two databases, and how. `named` are tables of the configuration. */
export function shapeTables(from: Catalog, to: Catalog, named: readonly string[]): ShapedTables {
  const shapes: TableShape[] = []
  const absent: ShapedTables['absent'][number][] = []
  const introspected = [...new Set([...OPTIONAL_TABLES, ...named])]
  for (const table of [...Object.keys(TABLE_SPECS), ...introspected]) {
    const result = shapeTable(from, to, table, named.includes(table))
    if (result === null) continue
    if ('reason' in result) absent.push({ table, ...result })
    else shapes.push(result)
  }
  const known = new Set([...Object.keys(TABLE_SPECS), ...introspected])
  const others = [...new Set([...from.keys(), ...to.keys()])].filter(
    (table) => !known.has(table) && !RUNTIME_TABLES.test(table),
  )
  return { shapes, absent, notCompared: others.toSorted() }
}

type Absence = { readonly reason: string; readonly isFault: boolean }

function shapeTable(
  from: Catalog,
  to: Catalog,
  table: string,
  isNamed: boolean,
): TableShape | Absence | null {
  const [left, right] = [from.get(table), to.get(table)]
  if (left === undefined || right === undefined) {
    if (left === undefined && right === undefined && !isNamed) return null
    const where = left === right ? 'neither side' : `only the ${left ? 'left' : 'right'} side`
    return { reason: `${where} has this table`, isFault: isNamed }
  }
  const spec = TABLE_SPECS[table] ?? introspect(from, to, table)
  if (spec === null) {
    return { reason: 'it has no key that both sides agree on', isFault: true }
  }
  const lost = spec.key
    .map((part) => (typeof part === 'string' ? part : part.column))
    .find((column) => !left.has(column) || !right.has(column))
  if (lost !== undefined) {
    return { reason: `a side does not have its column ${lost}`, isFault: true }
  }
  return buildShape(from, to, table, spec)
}

/** A unique column that people know a row by, else the primary key, where both sides have it. */
function introspect(from: Catalog, to: Catalog, table: string): TableSpec | null {
  const [left, right] = [[...from.get(table)!.values()], to.get(table)!]
  const isName = left.find(
    ({ name, unique, family }) => unique && family === 'text' && right.get(name)?.unique,
  )
  if (isName !== undefined) return { key: [isName.name] }
  const keyOf = (columns: Iterable<{ name: string; keyPosition: number | null }>) =>
    [...columns]
      .filter(({ keyPosition }) => keyPosition !== null)
      .toSorted((a, b) => a.keyPosition! - b.keyPosition!)
      .map(({ name }) => name)
  const [key, other] = [keyOf(left), keyOf(right.values())]
  return key.length > 0 && key.join('\n') === other.join('\n') ? { key } : null
}

function buildShape(
  from: Catalog,
  to: Catalog,
  table: string,
  spec: TableSpec,
): TableShape | Absence | null {
  const key = spec.key.map((part) => keyColumn(from, to, table, part))
  const all = comparedColumns(from, to, table, spec, new Set(key.map(({ name }) => name)))
  const isMapped = (column: ShapeColumn): boolean =>
    [from, to].every((catalog) => familyOf(catalog, table, column) !== 'other')
  const columns = all.filter(isMapped)
  // The derived columns of abilities are checked against their channels, not against another side.
  if (spec.unpaired === 'none' && all.length === 0) return null
  return {
    table,
    columns: [...key, ...columns],
    keyLength: key.length,
    keyKinds: key.map((column) =>
      [from, to].every((catalog) => familyOf(catalog, table, column) === 'integer')
        ? 'integer'
        : 'text',
    ),
    whereNull: spec.whereNull ?? null,
    unpaired: spec.unpaired ?? 'all',
    unmapped: [...key, ...all].filter((column) => !isMapped(column)).map(({ name }) => name),
  }
}

function keyColumn(
  from: Catalog,
  to: Catalog,
  table: string,
  part: string | Reference,
): ShapeColumn {
  if (typeof part !== 'string') return referenceColumn(table, part)
  const family = sharedFamily(from.get(table)?.get(part), to.get(table)?.get(part))
  return { name: part, column: part, rule: columnRule(table, part, family), reference: null }
}

/** What a column means where the dialects declare it differently. */
function sharedFamily(
  left: CatalogColumn | undefined,
  right: CatalogColumn | undefined,
): TypeFamily | undefined {
  if (left === undefined || right === undefined) return left?.family
  const [isOpen, isOtherOpen] = [left, right].map(({ type }) => type.toLowerCase() === 'numeric')
  // In SQLite that may be a boolean; a number keeps every value of either.
  if (isOpen && isOtherOpen) return 'number'
  if (isOpen) return right.family
  return left.family === 'text' && right.family === 'json' ? 'json' : left.family
}

function referenceColumn(table: string, { name, column, ...shown }: Reference): ShapeColumn {
  const rule: ColumnRule = {
    ...columnRule(shown.table, shown.show),
    table,
    name,
    role: 'config',
    emptyIsNull: true,
  }
  return { name, column, rule, reference: { table: shown.table, show: shown.show } }
}

function comparedColumns(
  from: Catalog,
  to: Catalog,
  table: string,
  spec: TableSpec,
  keys: ReadonlySet<string>,
): ShapeColumn[] {
  const other = to.get(table)!
  const references = (spec.references ?? []).filter(
    ({ column }) => other.has(column) && from.get(table)!.has(column),
  )
  const names = [...from.get(table)!.keys()].filter(
    (name) =>
      !keys.has(name) && other.has(name) && (spec.columns === undefined || isIn(spec, name)),
  )
  return [
    ...names.map((name) => keyColumn(from, to, table, name)).filter(({ rule }) => isCompared(rule)),
    ...references.map((reference) => referenceColumn(table, reference)),
  ]
}

function isIn({ columns }: TableSpec, name: string): boolean {
  return columns?.includes(name) ?? true
}

function isCompared({ role }: ColumnRule): boolean {
  return role === 'config' || role === 'secret' || role === 'environment' || role === 'identity'
}

/** Of a column as it is read: what a reference shows, not the id that it holds. */
export function familyOf(
  catalog: Catalog,
  table: string,
  { column, reference, rule }: ShapeColumn,
): TypeFamily {
  const place = reference === null ? [table, column] : [reference.table, reference.show]
  const family = catalog.get(place[0]!)?.get(place[1]!)?.family ?? 'other'
  return family === 'boolean' && rule.compare === 'number' ? 'number' : family
}
