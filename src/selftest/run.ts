import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { SqliteTarget, Target } from '../database/contract.ts'
import { openDatabase, openReader } from '../database/open.ts'
import type { MigrateInput } from '../migrate/runner.ts'
import { openDatabaseSource } from '../snapshot/database-source.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Source } from '../snapshot/source.ts'
import { makeBaseline } from './baseline.ts'
import type { SelftestCase } from './case.ts'
import { type CaseResult, checkCase } from './check.ts'

/** The migrations that make the gateway's tables, and the run that they are recorded under. */
export type SelftestInput = Pick<MigrateInput, 'folder' | 'run'>

const OPEN_OPTIONS = {
  applicationName: 'tidegate drift selftest',
  missingFile: 'create',
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 60_000,
} as const

/**
 * Plants each case in the copy of a SQLite database and compares the two. They lie in a folder of
 * their own that is removed at the end; no other database is opened.
 */
export async function runSelftest(
  input: SelftestInput,
  cases: readonly SelftestCase[],
): Promise<CaseResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-selftest-'))
  try {
    const results: CaseResult[] = []
    const wanted = cases.filter(({ dialects }) => dialects.includes('sqlite'))
    for (const [gateway, group] of Map.groupBy(wanted, (one) => one.gateway)) {
      results.push(...(await checkGateway(input, folder, gateway, group)))
    }
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function checkGateway(
  { folder: migrations, run }: SelftestInput,
  folder: string,
  gateway: SelftestCase['gateway'],
  cases: readonly SelftestCase[],
): Promise<CaseResult[]> {
  const left = fileIn(folder, `${gateway}-left.db`)
  const database = await openDatabase(left, OPEN_OPTIONS)
  try {
    const lock = { timeoutMs: 0 }
    await makeBaseline({ database, folder: migrations, gateway, run, lock })
  } finally {
    await database.close()
  }
  const right = fileIn(folder, `${gateway}-right.db`)
  const fingerprinter = new Fingerprinter()
  return withSource('left', left, fingerprinter, async (from) => {
    const results: CaseResult[] = []
    for (const one of cases) {
      await copyFile(left.path, right.path)
      await plantIn(right, one)
      const check = (to: Source) => checkCase(one, from, to, fingerprinter)
      results.push(await withSource('right', right, fingerprinter, check))
    }
    return results
  })
}

function fileIn(folder: string, name: string) {
  const path = join(folder, name)
  return { dialect: 'sqlite', path, label: name, busyTimeoutMs: 5_000 } as const
}

async function plantIn(target: SqliteTarget, { plant }: SelftestCase): Promise<void> {
  const database = await openDatabase(target, OPEN_OPTIONS)
  try {
    // Nothing of it has to survive a crash.
    await sql`pragma synchronous = off`.execute(database.queries)
    await database.transaction(() => plant(database.queries, database.dialect))
  } finally {
    await database.close()
  }
}

/** Reads a database, in a way that cannot write to it, as one side of a comparison. */
export async function withSource<T>(
  name: string,
  target: Target,
  fingerprinter: Fingerprinter,
  body: (source: Source) => Promise<T>,
): Promise<T> {
  const reader = await openReader(target, OPEN_OPTIONS)
  try {
    return await body(await openDatabaseSource(name, reader, fingerprinter))
  } finally {
    await reader.close()
  }
}
