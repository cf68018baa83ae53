import { after, before, describe } from 'node:test'
import {
  DIALECTS,
  type Database,
  type DialectName,
  type OpenOptions,
  type Target,
} from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import type { GatewayFixture } from './fixtures.ts'
import { createTestDatabase, sharedPostgres, type PostgresServer } from './postgres.ts'
import { createSqliteFile } from './sqlite.ts'

export const OPEN_OPTIONS: OpenOptions = {
  applicationName: 'tidegate-test',
  missingFile: 'fail',
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 30_000,
}

export interface TestDatabase {
  readonly dialect: DialectName
  readonly target: Target
  /** Opened; closed after the tests. */
  readonly database: Database
  /** One more connection to it; closed after the tests. */
  /** One more connection to it; closed after the tests. */
  readonly open: (options?: Partial<OpenOptions>) => Promise<Database>
}

/** A new database, dropped after the tests. */
export type CreateDatabase = (options?: {
  readonly fixture?: GatewayFixture | undefined
}) => Promise<TestDatabase>

/** Declares the same tests for each dialect. To be called at the top of the file. */
export function forEachDialect(
  suite: (dialect: DialectName, create: CreateDatabase) => void,
): void {
  const startPostgres = sharedPostgres()
  for (const dialect of DIALECTS) {
    describe(dialect, () => {
      let server: PostgresServer | undefined
      const cleanups: (() => Promise<void>)[] = []
      before(async () => {
        if (dialect === 'postgres') server = await startPostgres()
      })
      after(async () => {
        for (const cleanup of cleanups.toReversed()) await cleanup()
      })
      suite(dialect, async ({ fixture } = {}) => {
        const made =
          dialect === 'sqlite'
            ? await createSqliteFile({ fixture })
            : await createTestDatabase(server!, { fixture })
        cleanups.push(() => made.drop())
        return openTestDatabase(dialect, made.target, cleanups)
      })
    })
  }
}

async function openTestDatabase(
  dialect: DialectName,
  target: Target,
  cleanups: (() => Promise<void>)[],
): Promise<TestDatabase> {
  const open = async (options: Partial<OpenOptions> = {}) => {
    const database = await openDatabase(target, { ...OPEN_OPTIONS, ...options })
    cleanups.push(() => database.close())
    return database
  }
  return { dialect, target, database: await open(), open }
}
