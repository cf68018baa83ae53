import type { SequenceState } from '../contract.ts'
import type { PostgresReading } from './reading.ts'

// Rights are asked first, of rows that can only be sequences: of anything else, and without rights
// before PostgreSQL 17, the functions fail.
const SEQUENCES = `
  select c.relname, s.relname, pg_sequence_last_value(q.seqrelid)::text, format('%I.%I', n.nspname, c.relname)
  from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = 'id'
    join pg_catalog.pg_depend as d on d.refclassid = 'pg_catalog.pg_class'::regclass
      and d.refobjid = c.oid and d.refobjsubid = a.attnum
      and d.classid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_catalog.pg_sequence as q on q.seqrelid = d.objid
    join pg_catalog.pg_class as s on s.oid = q.seqrelid
  where n.nspname = current_schema() and c.relkind in ('r', 'p')
    and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    and has_sequence_privilege(q.seqrelid, 'SELECT, USAGE') and has_column_privilege(c.oid, a.attnum, 'SELECT')
  order by c.relname`

type Row = readonly [table: string, sequence: string, lastValue: string | null, quoted: string]

/** Two queries, however many tables. See `DatabaseReader.sequences`. */
export async function readSequences({
  connection,
}: Pick<PostgresReading, 'connection'>): Promise<SequenceState[]> {
  const rows = (await connection.rows(SEQUENCES)) as unknown as readonly Row[]
  if (rows.length === 0) return []
  const largest = rows.map(([, , , quoted]) => `(select max(id)::text from ${quoted})`)
  const [maxIds] = await connection.rows(`select ${largest.join(', ')}`)
  return rows.map(([table, sequence, lastValue], index) => {
    return { table, sequence, lastValue, maxId: maxIds![index] as string | null }
  })
}
