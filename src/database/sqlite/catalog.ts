import type { Catalog, CatalogColumn, TypeFamily } from '../contract.ts'
import type { SqliteSession } from './session.ts'

// Of the hidden columns only those of virtual tables (1) cannot be read; the others are generated.
const COLUMNS = `
  select t.name, c.name, c.type, c."notnull" = 0 and c.pk = 0
  from sqlite_schema as t join pragma_table_xinfo(t.name) as c
  where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' and c.hidden <> 1
  order by t.name, c.cid`

/** Tables and columns as declared. See `Database.catalog`. */
export async function readCatalog({ connection }: SqliteSession): Promise<Catalog> {
  const catalog = new Map<string, Map<string, CatalogColumn>>()
  for (const [table, name, type, nullable] of connection.rows(COLUMNS)) {
    const column = describeColumn(String(table), String(name), String(type), nullable === 1n)
    const columns = catalog.get(column.table) ?? new Map<string, CatalogColumn>()
    catalog.set(column.table, columns.set(column.name, column))
  }
  return catalog
}

function describeColumn(
  table: string,
  name: string,
  type: string,
  nullable: boolean,
): CatalogColumn {
  const declared = type.toLowerCase()
  return { table, name, type, family: familyOf(declared), maxLength: lengthOf(declared), nullable }
}

const DECLARED: Readonly<Record<string, TypeFamily>> = {
  // What the gateway's GORM declares for a bool.
  numeric: 'boolean',
  boolean: 'boolean',
  bool: 'boolean',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
}

// In the order of SQLite's own rules for the affinity of a declared type.
const CONTAINED: readonly (readonly [RegExp, TypeFamily])[] = [
  [/^(?:date|time)/, 'time'],
  [/int/, 'integer'],
  [/char|clob|text/, 'text'],
  [/blob|binary/, 'bytes'],
  [/real|floa|doub|^decimal|^numeric/, 'number'],
]

function familyOf(declared: string): TypeFamily {
  return DECLARED[declared] ?? CONTAINED.find(([part]) => part.test(declared))?.[1] ?? 'other'
}

function lengthOf(declared: string): number | null {
  const length = /char[a-z ]*\((\d+)\)/.exec(declared)?.[1]
  return length === undefined ? null : Number(length)
}
