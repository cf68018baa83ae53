import { copyFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Database, Target } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { makeBaseline } from '../../src/selftest/baseline.ts'
import type { SelftestCase } from '../../src/selftest/case.ts'
import { BASELINE_ROWS } from '../../src/selftest/rows.ts'
import { inputFor } from '../migrate/harness.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { createTestDatabase, type PostgresServer } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'

/** A database as the selftest prepares one, and a second one to plant cases in. */
export interface Originals {
  readonly left: Target
  /** The second one, as it was at first but for this case. */
  planted(one: SelftestCase): Promise<Target>
  drop(): Promise<void>
}

type Gateway = SelftestCase['gateway']

export async function sqliteOriginals(gateway: Gateway): Promise<Originals> {
  const [left, right] = [await createSqliteFile(), await createSqliteFile()]
  await withDatabase(left.target, (database) => make(database, gateway))
  return {
    left: left.target,
    planted: async (one) => {
      await copyFile(left.path, right.path)
      await withDatabase(right.target, (database) => plant(database, one))
      return right.target
    },
    drop: async () => {
      await left.drop()
      await right.drop()
    },
  }
}

/** Rows are put back, tables only where a case changed them: that takes much longer. */
export async function postgresOriginals(
  server: PostgresServer,
  gateway: Gateway,
): Promise<Originals> {
  const [left, right] = [await createTestDatabase(server), await createTestDatabase(server)]
  await withDatabase(left.target, (database) => make(database, gateway))
  const pristine = await withDatabase(right.target, async (database) => {
    await make(database, gateway)
    await keepRows(database)
    return catalogText(database)
  })
  return {
    left: left.target,
    planted: async (one) => {
      await withDatabase(right.target, async (database) => {
        if ((await catalogText(database)) === pristine) await putRowsBack(database)
        else await makeAgain(database, gateway)
        await plant(database, one)
      })
      return right.target
    },
    drop: async () => {
      await left.drop()
      await right.drop()
    },
  }
}

function make(database: Database, gateway: Gateway): Promise<void> {
  return makeBaseline(inputFor(database, undefined, gateway))
}

function plant(database: Database, { plant: change }: SelftestCase): Promise<void> {
  return database.transaction(() => change(database.queries, database.dialect))
}

/** Every table that a baseline fills. */
export const TABLES = [...Object.keys(BASELINE_ROWS), 'abilities']

async function keepRows({ queries }: Database): Promise<void> {
  await sql`create schema original`.execute(queries)
  for (const table of TABLES) {
    await sql.raw(`create table original.${table} as table ${table}`).execute(queries)
  }
}

async function putRowsBack({ queries }: Database): Promise<void> {
  const statements = TABLES.map(
    (table) => `delete from ${table}; insert into ${table} table original.${table};`,
  )
  await sql.raw(`do $$ begin ${statements.join(' ')} end $$`).execute(queries)
}

async function makeAgain(database: Database, gateway: Gateway): Promise<void> {
  await sql`drop schema public cascade`.execute(database.queries)
  await sql`create schema public`.execute(database.queries)
  await make(database, gateway)
}

async function catalogText(database: Database): Promise<string> {
  const tables = [...(await database.catalog()).values()]
  return JSON.stringify(tables.map((columns) => [...columns.values()]))
}

export async function withDatabase<T>(
  target: Target,
  body: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(target, OPEN_OPTIONS)
  try {
    return await body(database)
  } finally {
    await database.close()
  }
}
