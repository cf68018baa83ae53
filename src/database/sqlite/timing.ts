import type { ConnectionTiming, SqliteTarget } from '../contract.ts'
import { prepareFile } from './file.ts'
import { openHandle } from './handle.ts'

/** See `timeConnection`. */
export async function timeSqlite(target: SqliteTarget): Promise<ConnectionTiming> {
  const startedAt = performance.now()
  prepareFile(target, 'fail')
  const connection = await openHandle(target, 'read-only')
  const openedAt = performance.now()
  try {
    connection.rows('select 1')
    const answeredAt = performance.now()
    const parts = { dns: null, tcp: null, tls: null, authentication: null }
    return { ...parts, query: answeredAt - openedAt, total: answeredAt - startedAt }
  } finally {
    connection.close()
  }
}
