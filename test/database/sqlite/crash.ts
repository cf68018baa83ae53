import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import type { SqliteTarget } from '../../../src/database/contract.ts'
import { openSqlite } from '../../../src/database/sqlite/open.ts'
import { listRestorePoints, restoreFile } from '../../../src/database/sqlite/restore.ts'
import { OPEN_OPTIONS } from '../../support/databases.ts'

/** Everything that changes a file, and every statement, is a point at which a process can die. */

const FILE_CALLS = [
  'chmodSync',
  'chownSync',
  'closeSync',
  'fsyncSync',
  'mkdtempSync',
  'openSync',
  'renameSync',
  'rmSync',
  'writeSync',
] as const

const STATEMENT_CALLS = ['run', 'get', 'all'] as const

type Call = (this: unknown, ...values: unknown[]) => unknown

/** Calls `onPoint` before each of them, with the name of the call or the text of the statement. */
export async function watchPoints<T>(
  onPoint: (what: string) => void,
  body: () => Promise<T>,
): Promise<T> {
  let isInside = false
  const tell = (what: string): void => {
    if (isInside) return
    isInside = true
    try {
      onPoint(what)
    } finally {
      isInside = false
    }
  }
  const files = fs as unknown as Record<string, Call>
  const { statement, handle } = driverPrototypes()
  const undo = [
    ...FILE_CALLS.map((name) => wrap(files, name, () => tell(name))),
    ...STATEMENT_CALLS.map((name) =>
      wrap(statement, name, (self) => tell((self as Sqlite.Statement).source)),
    ),
    wrap(handle, 'close', () => tell('close')),
  ]
  syncBuiltinESMExports()
  try {
    return await body()
  } finally {
    for (const back of undo) back()
    syncBuiltinESMExports()
  }
}

function wrap(
  holder: Record<string, Call>,
  name: string,
  before: (self: unknown) => void,
): () => void {
  const original = holder[name]!
  holder[name] = function watched(...values) {
    before(this)
    return original.apply(this, values)
  }
  return () => (holder[name] = original)
}

function driverPrototypes() {
  const handle = new Sqlite(':memory:')
  const statement: unknown = Object.getPrototypeOf(handle.prepare('select 1'))
  handle.close()
  return {
    statement: statement as Record<string, Call>,
    handle: Sqlite.prototype as unknown as Record<string, Call>,
  }
}

export const FILE = 'one-api.db'

/** Of the restore point that is wanted back. */
export const POINT = `${FILE}.20261101T000000000Z.bak`

export function targetIn(folder: string): SqliteTarget {
  return { dialect: 'sqlite', path: join(folder, FILE), label: FILE, busyTimeoutMs: 20 }
}

/** What is done to the files of a folder; doing it again changes nothing more. */
export const ACTS: Readonly<Record<'write' | 'restore', (folder: string) => Promise<void>>> = {
  write: async (folder) => {
    const database = await openSqlite(targetIn(folder), { ...OPEN_OPTIONS, restorePoints: 2 })
    try {
      await database.transaction(async () => {
        await sql`insert or ignore into t values (99, 'written')`.execute(database.queries)
      })
    } finally {
      await database.close()
    }
  },
  restore: async (folder) => {
    const target = targetIn(folder)
    const point = listRestorePoints(target).find(({ name }) => name === POINT)
    await restoreFile(target, point!)
  },
}
