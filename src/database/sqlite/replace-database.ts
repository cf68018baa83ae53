import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { TidegateError } from '../../errors.ts'
import type { SqliteTarget } from '../contract.ts'
import type { SqliteConnection } from './connection.ts'
import { syncToDisk } from './disk.ts'
import { isBusy } from './errors.ts'
import { assertUnused, COMPANIONS, inUse } from './in-use.ts'
import { stampOf } from './point-files.ts'
import type { Restored } from './restore.ts'
import { dressCopy } from './restore-copy.ts'
import { keepPresentState } from './restore-point.ts'
import { rollback } from './transaction.ts'

export interface Replacement {
  readonly target: SqliteTarget
  readonly file: string
  /** What the file shall be, on the same file system. */
  readonly copy: string
}

interface SoundReplacement extends Replacement {
  /** To the file; it is closed. */
  readonly connection: SqliteConnection
}

/** Replaces an intact file, which no other program may have open. */
export async function replaceSound(replacement: SoundReplacement): Promise<Restored> {
  const { connection, target, file, copy } = replacement
  try {
    const before = dataVersion(connection)
    const kept = await keepPresentState({ connection, target })
    const hasLog = connection.rows('pragma journal_mode')[0]?.[0] === 'wal'
    await dressCopy(copy, { old: statSync(file), hasLog })
    try {
      seize(replacement, { before, hasLog })
      moveIn(replacement)
    } catch (error) {
      letGo(connection, hasLog)
      throw error
    }
    syncToDisk(dirname(file))
    return { kept, setAside: null }
  } finally {
    rollback(connection)
    connection.close()
  }
}

/** Moves away what is left of a file, all of it, and puts the copy in its place. */
export async function replaceDamaged(replacement: Replacement): Promise<Restored> {
  const { target, file, copy } = replacement
  const old = statSync(file, { throwIfNoEntry: false }) ?? null
  await dressCopy(copy, { old, hasLog: false })
  assertUnused(file, target)
  const setAside = `${file}.${stampOf(new Date())}.damaged`
  // The file last: what is beside it would be taken for its own by whatever comes in its place.
  for (const tail of [...COMPANIONS, '']) {
    if (existsSync(file + tail)) renameSync(file + tail, setAside + tail)
  }
  moveIn(replacement)
  syncToDisk(dirname(file))
  return { kept: null, setAside: old === null ? null : setAside }
}

/**
 * Takes the file for ourselves, with everything folded into it that lies beside it. Opening another
 * handle on it here, and closing that, would give up SQLite's lock.
 */
function seize(
  { connection, target, file }: SoundReplacement,
  { before, hasLog }: { readonly before: number; readonly hasLog: boolean },
): void {
  try {
    if (hasLog) connection.rows('pragma journal_mode = delete')
    connection.control('begin exclusive')
  } catch (error) {
    throw isBusy(error) ? inUse(target, []) : error
  }
  if (dataVersion(connection) !== before) {
    throw new TidegateError('restore', `another program wrote ${target.label} meanwhile`, {
      nextStep: 'stop the gateway and run the command again',
    })
  }
  assertUnused(file, target)
  for (const tail of COMPANIONS) rmSync(file + tail, { force: true })
}

// Names must be gone from the disk before the copy gets its own, or after a power cut it would find
// a log that belongs to the old file.
function moveIn({ file, copy }: Replacement): void {
  syncToDisk(dirname(file))
  renameSync(copy, file)
}

/** As it was found, or without a log where another program is in the way. */
function letGo(connection: SqliteConnection, hasLog: boolean): void {
  rollback(connection)
  try {
    if (hasLog) connection.rows('pragma journal_mode = wal')
  } catch {
    return
  }
}

/** Changes with every commit of another connection. */
function dataVersion(connection: SqliteConnection): number {
  return Number(connection.rows('pragma data_version')[0]?.[0])
}
