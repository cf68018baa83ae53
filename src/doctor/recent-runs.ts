import { sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import type { RecentRun } from './world.ts'

/** Runs of tidegate that wrote something in the last seconds; [] where it never wrote. */
export async function readRecentRuns(
  database: Pick<Database, 'read'>,
  catalog: Catalog,
  now: Date,
  seconds: number,
): Promise<RecentRun[]> {
  if (!catalog.has('tidegate_runs')) return []
  const since = new Date(now.getTime() - seconds * 1000).toISOString()
  const columns = [{ name: 'id' }, { name: 'command' }, { name: 'started_at' }]
  const where = () => sql<boolean>`tidegate_runs.started_at > ${since}`
  const [rows = []] = await database.read([{ table: 'tidegate_runs', columns, where }])
  return rows
    .map(([id, command, startedAt]) => ({
      id: id?.text ?? '',
      command: command?.text ?? '',
      startedAt: startedAt?.text ?? '',
    }))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
}
