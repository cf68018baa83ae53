import { sql } from 'kysely'
import type { DatabaseReader, RestorePoint } from '../database/contract.ts'

/** A run that wrote, with what the database was before it. */
export interface RecordedPoint {
  readonly run: string
  readonly command: string
  readonly point: RestorePoint
}

const NEWEST = 100

/** Of the newest runs, newest first. Nothing is said here of who wrote the text. */
export async function readRecordedPoints(reader: DatabaseReader): Promise<RecordedPoint[]> {
  const catalog = await reader.catalog()
  if (catalog.get('tidegate_runs')?.has('restore_point') !== true) return []
  const [rows = []] = await reader.read([
    {
      table: 'tidegate_runs',
      columns: ['id', 'command', 'restore_point'].map((name) => ({ name })),
      where: () => sql`id in (
        select id from tidegate_runs where restore_point is not null
        order by id desc limit ${sql.lit(NEWEST)})`,
    },
  ])
  const found = rows.flatMap(([id, command, text]) => {
    const point = parsePoint(text?.text ?? '')
    return point === null ? [] : [{ run: id?.text ?? '', command: command?.text ?? '', point }]
  })
  return found.toSorted((left, right) => (left.run < right.run ? 1 : -1))
}

function parsePoint(text: string): RestorePoint | null {
  const { kind, path, at, lsn } = parseObject(text)
  if (kind === 'file' && typeof path === 'string') return { kind, path }
  if (kind !== 'position' || typeof at !== 'string' || typeof lsn !== 'string') return null
  return { kind, at, lsn }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
