import type { Catalog, CatalogColumn, TypeFamily } from '../contract.ts'
import type { PostgresSession } from './session.ts'

// Domains stand for their base type. A length is stored with four bytes more.
const COLUMNS = `
  select c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), b.typname,
    case when b.typname in ('varchar', 'bpchar')
      then nullif(greatest(case when t.typtype = 'd' then t.typtypmod else a.atttypmod end, 3), 3) - 4
    end,
    not a.attnotnull, 1 + array_position(k.indkey::int2[], a.attnum),
    exists (
      select 1 from pg_catalog.pg_index as u
      where u.indrelid = c.oid and u.indisunique and u.indisvalid and u.indpred is null
        and u.indnkeyatts = 1 and u.indkey[0] = a.attnum
    )
  from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid
    join pg_catalog.pg_type as t on t.oid = a.atttypid
    join pg_catalog.pg_type as b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
    left join pg_catalog.pg_index as k on k.indrelid = c.oid and k.indisprimary
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = current_schema())
    and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`

type RawColumn = readonly [
  string,
  string,
  string,
  string,
  number | null,
  boolean,
  number | null,
  boolean,
]

/** Tables and columns of the current schema. See `Database.catalog`. */
export async function readCatalog({
  connection,
}: Pick<PostgresSession, 'connection'>): Promise<Catalog> {
  const catalog = new Map<string, Map<string, CatalogColumn>>()
  for (const row of await connection.rows(COLUMNS)) {
    const column = describeColumn(row as unknown as RawColumn)
    const columns = catalog.get(column.table) ?? new Map<string, CatalogColumn>()
    catalog.set(column.table, columns.set(column.name, column))
  }
  return catalog
}

function describeColumn(raw: RawColumn): CatalogColumn {
  const [table, name, type, base, maxLength, nullable, keyPosition, unique] = raw
  const family = FAMILIES[base] ?? 'other'
  return { table, name, type, family, maxLength, nullable, keyPosition, unique }
}

const FAMILIES: Readonly<Record<string, TypeFamily>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  bool: 'boolean',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'text',
  uuid: 'text',
  json: 'json',
  jsonb: 'json',
  timestamptz: 'time',
  timestamp: 'time',
  date: 'time',
  time: 'time',
  timetz: 'time',
  bytea: 'bytes',
}
