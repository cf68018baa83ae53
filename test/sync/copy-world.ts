import { after } from 'node:test'
import type { Database, DatabaseReader, Target } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { copyRows } from '../../src/sync/copy.ts'
import { checkCopy, type CopyCheck } from '../../src/sync/copy-check.ts'
import { type CopyScope, scopeOf } from '../../src/sync/copy-scope.ts'
import { inputFor, testRun } from '../migrate/harness.ts'
import { worldOf } from '../seed/world.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { createTestDatabase, type PostgresServer } from '../support/postgres.ts'
import { openTestReader } from '../support/readers.ts'
import { createSqliteFile } from '../support/sqlite.ts'

/** One database with the gateway's tables and tidegate's, open for both ends of a copy. */
export interface CopyPlace {
  readonly target: Target
  readonly database: Database
  readonly reader: DatabaseReader
  execute(text: string): Promise<void>
}

const cleanups: (() => Promise<void>)[] = []

after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

/** Dropped after the tests of the file. Without a server it is a SQLite file. */
export async function copyPlace(
  fixture: GatewayFixture,
  server?: PostgresServer,
): Promise<CopyPlace> {
  const made =
    server === undefined
      ? await createSqliteFile({ fixture })
      : await createTestDatabase(server, { fixture })
  const database = await openDatabase(made.target, OPEN_OPTIONS)
  cleanups.push(
    () => made.drop(),
    () => database.close(),
  )
  await migrateUp(inputFor(database), {})
  const world = worldOf(database.dialect, made.target, database)
  return {
    target: made.target,
    database,
    reader: await openTestReader(made.target),
    execute: (text) => world.execute(text),
  }
}

export async function scopeBetween(
  from: CopyPlace,
  to: CopyPlace,
  include: readonly string[] = [],
): Promise<CopyScope> {
  return scopeOf(
    { dialect: from.reader.dialect, catalog: await from.reader.catalog() },
    { dialect: to.reader.dialect, catalog: await to.reader.catalog() },
    include,
  )
}

/** Looks, as `--dry-run` does. */
export async function check(
  from: CopyPlace,
  to: CopyPlace,
  include: readonly string[] = [],
): Promise<CopyCheck> {
  return checkCopy(from.reader, await scopeBetween(from, to, include))
}

/** Copies rows that are known to fit. */
export async function copy(from: CopyPlace, to: CopyPlace, include: readonly string[] = []) {
  const scope = await scopeBetween(from, to, include)
  return from.reader.snapshot(async () =>
    copyRows({
      reader: from.reader,
      database: to.database,
      catalog: await to.database.catalog(),
      scope,
      from: 'local',
      to: 'production',
      run: testRun('copy'),
      lock: { timeoutMs: 10_000 },
    }),
  )
}

export const COPIED_TABLES = [
  'abilities',
  'channels',
  'models',
  'options',
  'prefill_groups',
  'setups',
  'tokens',
  'users',
  'vendors',
] as const

const OWN = ['tidegate_journal', 'tidegate_runs']

export async function emptyPlace(place: CopyPlace): Promise<void> {
  const catalog = await place.reader.catalog()
  const tables = [...COPIED_TABLES, ...OWN].filter((table) => catalog.has(table))
  await place.execute(tables.map((table) => `delete from ${table};`).join(' '))
}
