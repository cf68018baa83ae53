import { type RawBuilder, sql } from 'kysely'
import type { PostgresSession } from './session.ts'

/**
 * The next ids of the table's sequence, which is first moved past every id in the table; without a
 * sequence those after the largest id. See `Database.nextIds`.
 */
export async function nextIds(
  session: PostgresSession,
  table: string,
  count: number,
): Promise<string[]> {
  const sequence = await findSequence(session, table)
  const largest = sql`select coalesce(max("id"), 0)::bigint as id from ${sql.id(table)}`
  const next =
    sequence === null
      ? sql`select (id + n)::text from (${largest}) as largest, ${series(count)} order by n`
      : sql`
        with moved as materialized (
          select setval(s.seqrelid::regclass, largest.id) as id
          from (${largest}) as largest join pg_sequence as s on s.seqrelid = ${sequence}::regclass
          where largest.id > coalesce(pg_sequence_last_value(s.seqrelid), s.seqstart - s.seqincrement)
        )
        select nextval(${sequence}::regclass)::text from (select count(*) from moved) as done, ${series(count)}`
  const { sql: text, parameters } = next.compile(session.queries)
  const rows = await session.connection.rows(text, parameters)
  return rows.map(([id]) => id as string)
}

function series(count: number): RawBuilder<unknown> {
  return sql`generate_series(1, ${count}::int) as n`
}

const FIND_SEQUENCE = `
  select pg_get_serial_sequence(format('%I.%I', current_schema(), c.relname), a.attname)
  from pg_class as c join pg_attribute as a on a.attrelid = c.oid
  where c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
    and c.relname = $1 and a.attname = 'id'`

async function findSequence(session: PostgresSession, table: string): Promise<string | null> {
  const known = session.sequences.get(table)
  if (known !== undefined) return known
  const [row] = await session.connection.rows(FIND_SEQUENCE, [table])
  const sequence = (row?.[0] as string | null | undefined) ?? null
  session.sequences.set(table, sequence)
  return sequence
}
