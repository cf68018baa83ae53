import Sqlite from 'better-sqlite3'
import pg from 'pg'
import type { PostgresTarget, SqliteTarget, Target } from '../../src/database/contract.ts'
import { readFixture, type GatewayFixture } from './fixtures.ts'

/** Connections beside tidegate's own, to prepare, disturb and check what it does. */

/** A connected client; errors that come later are ignored. */
export async function connectPostgres(target: PostgresTarget): Promise<pg.Client> {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    password: () => target.password?.reveal() ?? '',
    ssl: false,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

export async function withPostgres<T>(
  target: PostgresTarget,
  body: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connectPostgres(target)
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}

export function withSqlite<T>({ path }: SqliteTarget, body: (handle: Sqlite.Database) => T): T {
  const handle = new Sqlite(path)
  // As the gateway has it.
  handle.pragma('foreign_keys = off')
  try {
    return body(handle)
  } finally {
    handle.close()
  }
}

/** Runs statements, several in one text, past tidegate. */
export async function executeRaw(target: Target, text: string): Promise<void> {
  if (target.dialect === 'sqlite') {
    withSqlite(target, (handle) => {
      // Nobody pulls the plug on the rows that a test begins with.
      handle.pragma('synchronous = off')
      handle.exec(text)
    })
  } else await withPostgres(target, (client) => client.query(text))
}

/** Rows as arrays of what the driver gives, integers of SQLite as BigInts. */
export async function queryRaw(target: Target, text: string): Promise<unknown[][]> {
  if (target.dialect === 'sqlite') {
    return withSqlite(target, (handle) =>
      handle.prepare<[], unknown[]>(text).safeIntegers().raw().all(),
    )
  }
  return withPostgres(target, async (client) => {
    const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' })
    return rows
  })
}

/** Makes a gateway's tables in a new and empty database. */
export async function applyFixture(target: Target, fixture: GatewayFixture): Promise<void> {
  const text = await readFixture(target.dialect, fixture)
  await executeRaw(target, target.dialect === 'sqlite' ? `begin;${text};commit` : text)
}
