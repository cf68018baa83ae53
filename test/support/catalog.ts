import type { PostgresTarget, SqliteTarget, Target } from '../../src/database/contract.ts'
import { withPostgres, withSqlite } from './raw.ts'

/**
 * Everything that the schema of the gateway's own tables consists of, as text: two dumps are equal
 * byte for byte when nothing was changed. Tables named `tidegate_…` are left out.
 */
export function dumpCatalog(target: Target): Promise<string> {
  return target.dialect === 'sqlite' ? dumpSqlite(target) : dumpPostgres(target)
}

async function dumpSqlite(target: SqliteTarget): Promise<string> {
  const rows = withSqlite(target, (handle) =>
    handle
      .prepare<[], string[]>(
        `select type, name, tbl_name, coalesce(sql, '') from sqlite_schema
         where tbl_name not like 'tidegate\\_%' escape '\\' order by type, name`,
      )
      .raw()
      .all(),
  )
  return rows.map((row) => `${row.join(' | ')}\n`).join('')
}

async function dumpPostgres(target: PostgresTarget): Promise<string> {
  return withPostgres(target, async (client) => {
    const { rows } = await client.query<[string, string]>({ text: OBJECTS, rowMode: 'array' })
    return rows.map((row) => `${row.join(' | ')}\n`).join('')
  })
}

const OBJECTS = `
  with own as (
    select c.* from pg_class as c
    where c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
      and c.relname !~ '^tidegate_'
  )
  select 'relation', format('%s %s %s', relkind, relname, relpersistence) from own
  union all
  select 'column', format('%s.%s #%s %s%s default %s identity %s generated %s',
      c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      coalesce(pg_get_expr(d.adbin, d.adrelid), '-'), a.attidentity, a.attgenerated)
    from own as c join pg_attribute as a on a.attrelid = c.oid
      left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint', format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    from own as c join pg_constraint as k on k.conrelid = c.oid
  union all
  select 'index', pg_get_indexdef(i.indexrelid)
    from own as c join pg_index as i on i.indrelid = c.oid
  union all
  select 'sequence', format('%s %s start %s by %s from %s to %s cache %s owned by %s.%s',
      c.relname, format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
      s.seqcache, d.refobjid::regclass, d.refobjsubid)
    from own as c join pg_sequence as s on s.seqrelid = c.oid
      left join pg_depend as d on d.objid = c.oid and d.classid = 'pg_class'::regclass
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  union all
  select 'view', format('%s %s', c.relname, pg_get_viewdef(c.oid))
    from own as c where c.relkind in ('v', 'm')
  union all
  select 'trigger', pg_get_triggerdef(t.oid)
    from own as c join pg_trigger as t on t.tgrelid = c.oid where not t.tgisinternal
  order by 1, 2`
