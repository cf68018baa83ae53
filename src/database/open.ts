import type { Database, OpenOptions, Target } from './contract.ts'

/**
 * Opens one connection, in one attempt; `waitForDatabase` retries. Only the driver of the target's
 * dialect is loaded.
 * @throws DatabaseError with code `connection`
 */
export async function openDatabase(target: Target, options: OpenOptions): Promise<Database> {
  switch (target.dialect) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite/open.ts')
      return openSqlite(target, options)
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres/open.ts')
      return openPostgres(target, options)
    }
  }
}
