import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqliteTarget } from '../../src/database/contract.ts'
import type { GatewayFixture } from './fixtures.ts'
import { applyFixture, withSqlite } from './raw.ts'

export interface SqliteFile {
  readonly target: SqliteTarget
  /** As `SQLITE_PATH` takes it. */
  readonly path: string
  /** Removes the folder that the file is in. */
  drop(): Promise<void>
}

/** A SQLite file in a folder of its own; without a fixture a database without tables. */
export async function createSqliteFile(
  options: { readonly fixture?: GatewayFixture | undefined } = {},
): Promise<SqliteFile> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-sqlite-'))
  const path = join(folder, 'one-api.db')
  // SQLite's own wait blocks the process, and with it a holder in the same process.
  const target = { dialect: 'sqlite', path, label: path, busyTimeoutMs: 20 } as const
  // A file of no bytes is a database too; a page makes it one that `file` recognises.
  withSqlite(target, (handle) => handle.exec('vacuum'))
  if (options.fixture !== undefined) await applyFixture(target, options.fixture)
  return { target, path, drop: () => rm(folder, { recursive: true, force: true }) }
}
