import { TidegateError } from '../../errors.ts'
import type { SqliteConnection } from './connection.ts'
import { openHandle } from './handle.ts'

/**
 * Reads a whole copy through a handle that cannot write.
 * @returns how many tables it has
 * @throws TidegateError when it is no intact database
 */
export async function checkCopy(path: string, label: string): Promise<number> {
  const target = { dialect: 'sqlite', path, label, busyTimeoutMs: 0 } as const
  const copy = await openHandle(target, 'read-only')
  try {
    if (!isIntact(copy)) throw new TidegateError('restore', `${label} is damaged`)
    return countTables(copy)
  } finally {
    copy.close()
  }
}

export function isIntact(connection: SqliteConnection): boolean {
  return connection.rows('pragma integrity_check(1)')[0]?.[0] === 'ok'
}

export function countTables(connection: SqliteConnection): number {
  return Number(connection.rows(`select count(*) from sqlite_schema where type = 'table'`)[0]?.[0])
}
