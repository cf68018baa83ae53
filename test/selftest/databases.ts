import { randomBytes } from 'node:crypto'
import { copyFile } from 'node:fs/promises'
import type { Database, Target } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { makeBaseline } from '../../src/selftest/baseline.ts'
import type { SelftestCase } from '../../src/selftest/case.ts'
import { inputFor } from '../migrate/harness.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import {
  administer,
  createTestDatabase,
  type PostgresServer,
  targetOf,
} from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'

/** A database as the selftest prepares one, and copies of it. */
export interface Original {
  readonly target: Target
  copy(): Promise<{ readonly target: Target; drop(): Promise<void> }>
  drop(): Promise<void>
}

export async function sqliteOriginal(gateway: SelftestCase['gateway']): Promise<Original> {
  const { target, drop } = await createSqliteFile()
  await fill(target, gateway)
  const copy = async () => {
    const made = await createSqliteFile()
    await copyFile(target.path, made.path)
    return made
  }
  return { target, copy, drop }
}

/** Nobody may be connected to it while it is copied. */
export async function postgresOriginal(
  server: PostgresServer,
  gateway: SelftestCase['gateway'],
): Promise<Original> {
  const { target, url, drop } = await createTestDatabase(server)
  await fill(target, gateway)
  const copy = async () => {
    const name = `tidegate_test_${randomBytes(6).toString('hex')}`
    await administer(server, `create database ${name} template ${target.database}`)
    const address = new URL(url)
    address.pathname = `/${name}`
    return {
      target: targetOf(address.href),
      drop: () => administer(server, `drop database ${name} with (force)`),
    }
  }
  return { target, copy, drop }
}

async function fill(target: Target, gateway: SelftestCase['gateway']): Promise<void> {
  await withDatabase(target, (database) => makeBaseline(inputFor(database, undefined, gateway)))
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
