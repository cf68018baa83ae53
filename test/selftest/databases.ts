import { randomBytes } from 'node:crypto'
import { copyFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Database, Target } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { fillBaseline, makeBaseline } from '../../src/selftest/baseline.ts'
import type { SelftestCase } from '../../src/selftest/case.ts'
import { BASELINE_ROWS } from '../../src/selftest/rows.ts'
import { inputFor } from '../migrate/harness.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import {
  administer,
  createTestDatabase,
  type PostgresServer,
  targetOf,
} from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'

/** A database as the selftest prepares one, and a second one to plant cases in. */
export interface Originals {
  readonly left: Target
  /** The second one, as it was at first. */
  right(): Promise<Target>
  drop(): Promise<void>
}

type Gateway = SelftestCase['gateway']

export async function sqliteOriginals(gateway: Gateway): Promise<Originals> {
  const [left, right] = [await createSqliteFile(), await createSqliteFile()]
  await withDatabase(left.target, (database) => make(database, gateway))
  return {
    left: left.target,
    right: async () => {
      await copyFile(left.path, right.path)
      return right.target
    },
    drop: async () => {
      await left.drop()
      await right.drop()
    },
  }
}

export async function postgresOriginals(
  server: PostgresServer,
  gateway: Gateway,
): Promise<Originals> {
  const made = await createTestDatabase(server)
  const pristine = await withDatabase(made.target, async (database) => {
    await make(database, gateway)
    return catalogText(database)
  })
  const name = `tidegate_test_${randomBytes(6).toString('hex')}`
  const address = new URL(made.url)
  address.pathname = `/${name}`
  const right = targetOf(address.href)
  const dropRight = () => administer(server, `drop database if exists ${name} with (force)`)
  const copy = async () => {
    await dropRight()
    await administer(server, `create database ${name} template ${made.target.database}`)
  }
  await copy()
  return {
    left: made.target,
    // To copy a database takes much longer than to fill its tables again.
    right: async () => {
      const isRefilled = await withDatabase(right, async (database) => {
        if ((await catalogText(database)) !== pristine) return false
        await refill(database, gateway)
        return true
      })
      if (!isRefilled) await copy()
      return right
    },
    drop: async () => {
      await dropRight()
      await made.drop()
    },
  }
}

function make(database: Database, gateway: Gateway): Promise<void> {
  return makeBaseline(inputFor(database, undefined, gateway))
}

async function refill(database: Database, gateway: Gateway): Promise<void> {
  await empty(database)
  await fillBaseline(database, gateway)
}

/** Deletes the rows of every table that a baseline fills. */
export async function empty(database: Database): Promise<void> {
  const tables = [...Object.keys(BASELINE_ROWS), 'abilities']
  await database.transaction(async () => {
    for (const table of tables) await sql`delete from ${sql.id(table)}`.execute(database.queries)
  })
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
