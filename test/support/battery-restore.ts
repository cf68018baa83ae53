import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pid } from 'node:process'
import type { SqliteTarget } from '../../src/database/contract.ts'
import { type Call, runHere } from './battery-run.ts'
import { makeWorld } from './battery-sync.ts'
import { type Contents, readContents } from './oracle-read.ts'
import { toState } from './oracle-state.ts'
import type { PostgresServer } from './postgres.ts'
import { withSqlite } from './raw.ts'

/** A file that a push has changed, beside the restore point from before it. */

const FILE = 'one-api.db'

const STAMP = '20261101T000000000Z'

/** No process has this number: it is larger than Linux gives. */
const NOBODY = 999_999_999

export interface RestoreWorld {
  /** A copy of the folder with the file. */
  create(): string
  call(folder: string): Call
  /** Checks what a fault left behind. @returns `before` or `after`. */
  checkFault(folder: string, problems: string[]): Promise<string>
  /** Checks that one more run ends what was begun, and that the next one changes nothing. */
  checkRecovery(folder: string, problems: string[]): Promise<void>
  drop(): Promise<void>
}

export async function restoreWorld(
  server: PostgresServer,
  journal: 'delete' | 'wal',
): Promise<RestoreWorld> {
  const world = await makeWorld({ command: 'push', dialect: 'sqlite', server, journal })
  const database = await world.create()
  const { path } = database.target as SqliteTarget
  const folder = dirname(path)
  const push = await world.call(database)
  const point = `${path}.${STAMP}.bak`
  withSqlite(database.target as SqliteTarget, (handle) =>
    handle.prepare('vacuum into ?').run(point),
  )
  await runHere(push)
  for (const name of pointsIn(folder)) if (join(folder, name) !== point) rmSync(join(folder, name))
  const hashOf = (contents: Contents): string => toState(contents, world.inserted).hash
  const present = hashOf(await contentsOf(folder))
  const wanted = hashOf(await contentsOf(folder, basename(point)))
  if (present === wanted) throw new Error('the push has changed nothing')

  const call = (one: string): Call => ({
    args: ['restore', STAMP, '--env', 'production', '--yes', '--json'],
    cwd: push.cwd,
    env: { ...push.env, PRODUCTION_SQLITE_PATH: join(one, FILE) },
  })
  const checkFault = async (one: string, problems: string[]): Promise<string> => {
    const { damage, ...contents } = await contentsOf(one)
    if (damage !== null) problems.push(`integrity_check: ${damage}`)
    const hash = hashOf({ damage, ...contents })
    if (hash === present) return 'before'
    if (hash !== wanted) problems.push('the file is neither as it was nor as the restore point')
    const kept = await Promise.all(pointsIn(one).map((name) => contentsOf(one, name)))
    if (!kept.some((point) => hashOf(point) === present)) problems.push('the state before is lost')
    return 'after'
  }
  return {
    create: () => copyFolder(folder),
    call,
    checkFault,
    checkRecovery: async (one, problems) => {
      for (const which of ['the re-run', 'the second re-run']) {
        const { code, report, problems: own } = await runHere(call(one))
        problems.push(...own)
        if (code !== 0) problems.push(`${which} ended with ${code}: ${report?.error?.message}`)
        const found = await checkFault(one, problems)
        if (found !== 'after') problems.push(`${which} restored nothing`)
      }
      const left = readdirSync(one).filter((name) => /^\.|-(?:wal|shm|journal)$/.test(name))
      if (left.length > 0) problems.push(`it left ${left.join(', ')}`)
    },
    drop: async () => {
      await database.drop()
      await world.drop()
    },
  }
}

/** The files as a process that is killed now leaves them. */
export function copyFolder(folder: string): string {
  const image = mkdtempSync(join(tmpdir(), 'tidegate-battery-'))
  for (const name of readdirSync(folder)) {
    const to = join(image, name.replace(`-${pid}-`, `-${NOBODY}-`))
    if (!name.endsWith('-shm')) cpSync(join(folder, name), to, { recursive: true })
  }
  return image
}

function pointsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.bak'))
}

function contentsOf(folder: string, name = FILE): Promise<Contents> {
  const path = join(folder, name)
  return readContents({ dialect: 'sqlite', path, label: path, busyTimeoutMs: 0 })
}
