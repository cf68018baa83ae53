import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { PostgresTarget, SqliteTarget, Target } from '../../src/database/contract.ts'
import { copySqlite } from './battery-start.ts'
import { observe } from './battery-observer.ts'
import { withSqlite } from './raw.ts'

export type Row = Readonly<Record<string, unknown>>

/** Everything that is in a database. */
export interface Contents {
  /** One line for each table, column, index and constraint. */
  readonly schema: readonly string[]
  readonly tables: ReadonlyMap<string, readonly Row[]>
  /** Changes with every write, also with one that writes what was there. */
  readonly stamp: string
  /** What the database itself says of its files; null when all is well. */
  readonly damage: string | null
}

/** Reads past tidegate; the files of a SQLite database stay as they are. */
export function readContents(target: Target): Promise<Contents> {
  return target.dialect === 'sqlite' ? readSqlite(target) : readPostgres(target)
}

// Opening files after a crash repairs them, and that is for tidegate to do.
async function readSqlite(target: SqliteTarget): Promise<Contents> {
  const copy = copySqlite(target)
  try {
    const bytes = existsSync(target.path) ? await readFile(target.path) : Buffer.alloc(0)
    return withSqlite(copy.target as SqliteTarget, (handle) => {
      const integrity = handle.pragma('integrity_check', { simple: true })
      const schema = handle
        .prepare<[], string[]>(`select type, name, tbl_name, coalesce(sql, '') from sqlite_schema`)
        .raw()
        .all()
      const names = schema.filter(([type]) => type === 'table').map(([, name]) => name!)
      return {
        schema: schema.map((row) => row.join(' ')).toSorted(),
        tables: new Map(
          names.map((name) => [name, handle.prepare<[], Row>(`select * from "${name}"`).all()]),
        ),
        stamp: bytes.toString('base64'),
        damage: integrity === 'ok' ? null : String(integrity),
      }
    })
  } finally {
    await copy.drop()
  }
}

async function readPostgres(target: PostgresTarget): Promise<Contents> {
  const client = await observe(target)
  const read = async <T>(text: string) => (await client.query<T & object>(text)).rows
  await client.query('begin isolation level repeatable read read only')
  const schema = await read<{ line: string }>(SCHEMA)
  const names = await read<{ name: string }>(`
      select relname as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`)
  const rows = await read<{ name: string; place: string; row: Row }>(
    names
      .map(
        ({ name }) => `select '${name}' as name, t.ctid || ' ' || t.xmin as place,
            to_jsonb(t) as row from "${name}" as t`,
      )
      .join(' union all '),
  )
  await client.query('commit')
  return {
    schema: schema.map(({ line }) => line).toSorted(),
    tables: new Map(
      names.map(({ name }) => [
        name,
        rows.filter((row) => row.name === name).map(({ row }) => row),
      ]),
    ),
    stamp: rows.map(({ name, place }) => `${name} ${place}`).join('\n'),
    damage: null,
  }
}

const SCHEMA = `
  with own as (
    select * from pg_class where relnamespace = 'public'::regnamespace
  )
  select format('%s %s', relkind, relname) as line from own
  union all
  select format('column %s.%s #%s %s %s %s', own.relname, a.attname, a.attnum,
    format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
  from own join pg_attribute as a on a.attrelid = own.oid and a.attnum > 0
    left join pg_attrdef as d on d.adrelid = own.oid and d.adnum = a.attnum
  union all
  select format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
  from pg_index as i join own on own.oid = i.indrelid
  union all
  select format('constraint %s %s %s', own.relname, c.conname, pg_get_constraintdef(c.oid))
  from pg_constraint as c join own on own.oid = c.conrelid
  union all
  select format('trigger %s %s', own.relname, t.tgname)
  from pg_trigger as t join own on own.oid = t.tgrelid`
