import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

interface Ends {
  readonly folder: string
  readonly push: Call
  readonly hashOf: (contents: Contents) => string
  /** Hashes of what the push made of the file, and of the restore point. */
  readonly present: string
  readonly wanted: string
  readonly drop: () => Promise<void>
}

export class RestoreWorld {
  readonly #ends: Ends

  constructor(ends: Ends) {
    if (ends.present === ends.wanted) throw new Error('the push has changed nothing')
    this.#ends = ends
  }

  /** A copy of the folder with the file. */
  create(): string {
    return copyFolder(this.#ends.folder)
  }

  call(folder: string): Call {
    const { cwd, env } = this.#ends.push
    return {
      args: ['restore', STAMP, '--env', 'production', '--yes', '--json'],
      cwd,
      env: { ...env, PRODUCTION_SQLITE_PATH: join(folder, FILE) },
    }
  }

  /** Checks what a fault left behind. @returns `before` or `after`. */
  async checkFault(folder: string, problems: string[]): Promise<string> {
    const { hashOf, present, wanted } = this.#ends
    const contents = await contentsOf(folder)
    if (contents.damage !== null) problems.push(`integrity_check: ${contents.damage}`)
    const hash = hashOf(contents)
    const points = await Promise.all(pointsIn(folder).map((name) => contentsOf(folder, name)))
    const kept = new Set([hash, ...points.map(hashOf)])
    if (![present, wanted].includes(hash)) problems.push('the file is neither before nor after')
    if (!kept.has(present)) problems.push('the state before is lost')
    if (!kept.has(wanted)) problems.push('the restore point is lost')
    return hash === present ? 'before' : 'after'
  }

  /** Checks that one more run ends what was begun, and that the next one changes nothing. */
  async checkRecovery(folder: string, problems: string[]): Promise<void> {
    for (const which of ['the re-run', 'the second re-run']) {
      const { code, report, problems: own } = await runHere(this.call(folder))
      problems.push(...own)
      if (code !== 0) problems.push(`${which} ended with ${code}: ${report?.error?.message}`)
      const found = await this.checkFault(folder, problems)
      if (found !== 'after') problems.push(`${which} restored nothing`)
    }
    const left = readdirSync(folder).filter((name) => /^\.|-(?:wal|shm|journal)$/.test(name))
    if (left.length > 0) problems.push(`it left ${left.join(', ')}`)
  }

  drop(): Promise<void> {
    return this.#ends.drop()
  }
}

export async function restoreWorld(
  server: PostgresServer,
  journal: 'delete' | 'wal',
): Promise<RestoreWorld> {
  const world = await makeWorld({ command: 'push', dialect: 'sqlite', server, journal })
  const database = await world.create()
  const { path } = database.target as SqliteTarget
  const folder = dirname(path)
  const point = `${FILE}.${STAMP}.bak`
  withSqlite(database.target as SqliteTarget, (handle) =>
    handle.prepare('vacuum into ?').run(join(folder, point)),
  )
  const push = await world.call(database)
  await runHere(push)
  for (const name of pointsIn(folder)) if (name !== point) rmSync(join(folder, name))
  const hashOf = (contents: Contents): string => toState(contents, world.inserted).hash
  const drop = async (): Promise<void> => {
    await database.drop()
    await world.drop()
  }
  const present = hashOf(await contentsOf(folder))
  const wanted = hashOf(await contentsOf(folder, point))
  return new RestoreWorld({ folder, push, hashOf, present, wanted, drop })
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
