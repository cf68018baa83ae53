import type { Database, OpenOptions } from '../../../src/database/contract.ts'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase } from '../../../src/database/open.ts'
import { OPEN_OPTIONS } from '../../support/databases.ts'
import { FILE, targetIn } from './crash.ts'
import { besides, makeFile } from './files.ts'

/** Writing through tidegate, and the restore points that it leaves. */

/** A folder with a file in the state `before`. */
export function madeIn(folder: string): string {
  makeFile(join(folder, FILE), 'before')
  return folder
}

export async function using<T>(
  folder: string,
  options: Partial<OpenOptions>,
  body: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(targetIn(folder), { ...OPEN_OPTIONS, ...options })
  try {
    return await body(database)
  } finally {
    await database.close()
  }
}

export async function write(database: Database, name = 'written'): Promise<void> {
  await database.transaction(async () => {
    await sql`insert into t (name) values (${name})`.execute(database.queries)
  })
}

export const writeOnce = (folder: string, restorePoints: number): Promise<void> =>
  using(folder, { restorePoints }, (database) => write(database))

export const pointsIn = (folder: string): string[] =>
  besides(folder).filter((name) => /^one-api\.db\.\d{8}T\d{9}Z\.bak$/.test(name))
