import { sql } from 'kysely'
import type { PostgresSession } from './session.ts'

/**
 * The next id of the table's sequence, which is first moved past every id in the table; without a
 * sequence the largest id plus one. See `Database.nextId`.
 */
export async function nextId(session: PostgresSession, table: string): Promise<string> {
  const sequence = await findSequence(session, table)
  const largest = sql`select coalesce(max("id"), 0)::bigint as id from ${sql.id(table)}`
  const next =
    sequence === null
      ? sql`select (id + 1)::text from (${largest}) as largest`
      : sql`
        with moved as materialized (
          select setval(s.seqrelid::regclass, largest.id) as id
          from (${largest}) as largest join pg_sequence as s on s.seqrelid = ${sequence}::regclass
          where largest.id > coalesce(pg_sequence_last_value(s.seqrelid), s.seqstart - s.seqincrement)
        )
        select nextval(${sequence}::regclass)::text from (select count(*) from moved) as done`
  const { sql: text, parameters } = next.compile(session.queries)
  const [row] = await session.connection.rows(text, parameters)
  return row![0] as string
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
