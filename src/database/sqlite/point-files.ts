import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A restore point of a SQLite file: a copy beside it. */
export interface RestorePointFile {
  readonly path: string
  readonly name: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly bytes: number
}

const TAIL = /^\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.bak$/

/** Where the next restore point of a file goes; nothing has that name yet. */
export function freePointPath(file: string): string {
  for (let time = Date.now(); ; time += 1) {
    const path = `${file}.${stampOf(new Date(time))}.bak`
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return path
  }
}

/** `20261122T193259123Z`, which sorts by time. */
export function stampOf(time: Date): string {
  return time.toISOString().replaceAll(/[-:.]/g, '')
}

/** Newest first. Links and folders of such a name are none. */
export function findRestorePoints(file: string): RestorePointFile[] {
  return findFiles(file).map(({ path, name, at, bytes }) => ({ path, name, at, bytes }))
}

/** Removes the oldest of the same user's, so that `kept` are left with the one just made. */
export function pruneRestorePoints(file: string, made: string, kept: number): void {
  const { uid } = lstatSync(made)
  const older = findFiles(file).filter((point) => point.uid === uid && point.path !== made)
  for (const { path } of older.slice(kept - 1)) rmSync(path, { force: true })
}

function findFiles(file: string): (RestorePointFile & { readonly uid: number })[] {
  const found = readdirSync(dirname(file)).toSorted().toReversed()
  return found.flatMap((name) => {
    const at = timeOf(name, basename(file))
    if (at === null) return []
    const path = join(dirname(file), name)
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats?.isFile() ? [{ path, name, at, bytes: stats.size, uid: stats.uid }] : []
  })
}

function timeOf(name: string, file: string): string | null {
  const match = name.startsWith(file) ? TAIL.exec(name.slice(file.length)) : null
  if (match === null) return null
  const [, year, month, day, hour, minute, second, rest] = match
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${rest}Z`
}
