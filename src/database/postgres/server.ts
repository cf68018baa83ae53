import type { ServerFacts } from '../contract.ts'
import type { PostgresReading } from './reading.ts'

// Of the sessions of other users a plain one sees the database, and not what kind of process it is.
const SERVER = `
  select current_setting('max_connections')::int,
    current_setting('superuser_reserved_connections')::int
      + coalesce(current_setting('reserved_connections', true)::int, 0),
    count(*)::int, (count(*) filter (where datname = current_database()))::int
  from pg_catalog.pg_stat_activity
  where backend_type = 'client backend' or (backend_type is null and datid is not null)`

/** See `DatabaseReader.server`. */
export async function readServer({ connection }: PostgresReading): Promise<ServerFacts> {
  const [row] = await connection.rows(SERVER)
  const [maxConnections, reservedConnections, connections, connectionsHere] = row as [
    number,
    number,
    number,
    number,
  ]
  return { maxConnections, reservedConnections, connections, connectionsHere }
}
