import type {
  ConnectionTiming,
  Database,
  DatabaseReader,
  OpenOptions,
  ReaderOptions,
  Target,
} from './contract.ts'

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

/**
 * The same, in a way that cannot write: nothing that is given to the reader can change the
 * database, whatever the rights of its user. The file must exist.
 * @throws DatabaseError with code `connection`
 */
export async function openReader(target: Target, options: ReaderOptions): Promise<DatabaseReader> {
  switch (target.dialect) {
    case 'sqlite': {
      const { openSqliteReader } = await import('./sqlite/reader.ts')
      return openSqliteReader(target, options)
    }
    case 'postgres': {
      const { openPostgresReader } = await import('./postgres/reader.ts')
      return openPostgresReader(target, options)
    }
  }
}

/**
 * One new connection, timed part by part and closed; its query is `select 1`. A file must exist.
 * @throws DatabaseError with code `connection`
 */
export async function timeConnection(
  target: Target,
  options: Omit<OpenOptions, 'missingFile'>,
): Promise<ConnectionTiming> {
  switch (target.dialect) {
    case 'sqlite': {
      const { timeSqlite } = await import('./sqlite/timing.ts')
      return timeSqlite(target)
    }
    case 'postgres': {
      const { timePostgres } = await import('./postgres/timing.ts')
      return timePostgres(target, options)
    }
  }
}
