import type { Catalog, CatalogColumn, TypeFamily } from '../contract.ts'
import type { SqliteValue } from './connection.ts'
import type { SqliteSession } from './session.ts'

// Of the hidden columns only those of virtual tables (1) cannot be read; the others are generated.
const COLUMNS = `
  with single_key (table_name, column_name) as (
    select t.name, max(i.name)
    from sqlite_schema as t join pragma_index_list(t.name) as l join pragma_index_info(l.name) as i
    where t.type = 'table' and l."unique" and not l.partial
    group by t.name, l.name having count(*) = 1
  )
  select t.name, c.name, c.type, c."notnull" = 0 and c.pk = 0, nullif(c.pk, 0),
    (t.name, c.name) in (select table_name, column_name from single_key)
      or (c.pk = 1 and not exists (select 1 from pragma_table_xinfo(t.name) where pk = 2))
  from sqlite_schema as t join pragma_table_xinfo(t.name) as c
  where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' and c.hidden <> 1
  order by t.name, c.cid`

/** Tables and columns as declared. See `Database.catalog`. */
export async function readCatalog({
  connection,
}: Pick<SqliteSession, 'connection'>): Promise<Catalog> {
  const catalog = new Map<string, Map<string, CatalogColumn>>()
  for (const row of connection.rows(COLUMNS)) {
    const column = describeColumn(row)
    const columns = catalog.get(column.table) ?? new Map<string, CatalogColumn>()
    catalog.set(column.table, columns.set(column.name, column))
  }
  return catalog
}

function describeColumn(row: readonly SqliteValue[]): CatalogColumn {
  const [table, name, type, nullable, keyPosition, unique] = row
  const declared = String(type).toLowerCase()
  return {
    table: String(table),
    name: String(name),
    type: String(type),
    family: familyOf(declared),
    maxLength: lengthOf(declared),
    nullable: nullable === 1n,
    keyPosition: typeof keyPosition === 'bigint' ? Number(keyPosition) : null,
    unique: unique === 1n,
  }
}

const DECLARED: Readonly<Record<string, TypeFamily>> = {
  // What the gateway's GORM declares for a bool.
  numeric: 'boolean',
  boolean: 'boolean',
  bool: 'boolean',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
  uuid: 'text',
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
