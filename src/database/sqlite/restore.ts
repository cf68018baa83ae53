import { existsSync, realpathSync } from 'node:fs'
import { DatabaseError, TidegateError } from '../../errors.ts'
import type { SqliteTarget } from '../contract.ts'
import { isIntact } from './check-copy.ts'
import type { SqliteConnection } from './connection.ts'
import { describeDiskFailure } from './disk.ts'
import { isBusy } from './errors.ts'
import { openHandle } from './handle.ts'
import { assertUnused, inUse } from './in-use.ts'
import { findRestorePoints, type RestorePointFile } from './point-files.ts'
import { replaceDamaged, replaceSound } from './replace-database.ts'
import { copyPoint } from './restore-copy.ts'
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts'

export type { RestorePointFile }

export interface Restored {
  /** Path of the restore point that keeps the state before; null where there was none to keep. */
  readonly kept: string | null
  /** Where a damaged file was moved to. */
  readonly setAside: string | null
}

/** Newest first. @throws TidegateError when the folder cannot be read. */
export function listRestorePoints(target: SqliteTarget): RestorePointFile[] {
  try {
    return findRestorePoints(realFile(target))
  } catch (error) {
    const message = `the folder of ${target.label} cannot be read: ${describeDiskFailure(error)}`
    throw new TidegateError('restore', message, { nextStep: 'check the path', cause: error })
  }
}

/**
 * Puts a restore point in the place of the file, whose state is kept as one more restore point.
 * Whenever the process ends, the file is either as it was or as the restore point is.
 * @throws TidegateError `restore`, among others while another program has the file open
 */
export async function restoreFile(
  target: SqliteTarget,
  point: RestorePointFile,
): Promise<Restored> {
  const file = realFile(target)
  assertUnused(file, target)
  try {
    return await replaceBy(target, file, point)
  } catch (error) {
    if (isBusy(error)) throw inUse(target, [])
    throw restoreFailure(target, error)
  }
}

function restoreFailure({ label }: SqliteTarget, error: unknown): TidegateError {
  const isOurs = error instanceof TidegateError && error.code === 'restore'
  if (isOurs && error.nextStep !== undefined) return error
  const message = `${label} could not be restored: ${describeDiskFailure(error)}`
  const nextStep = 'look at `tidegate restore --list`, the disk and the rights on the folder'
  return new TidegateError('restore', message, { nextStep, cause: error })
}

async function replaceBy(
  target: SqliteTarget,
  file: string,
  point: RestorePointFile,
): Promise<Restored> {
  const folder = makeScratchFolder(file)
  try {
    const copy = await copyPoint(point, folder)
    const connection = await openSound(target, file)
    if (connection === null) return await replaceDamaged({ target, file, copy })
    return await replaceSound({ target, file, copy, connection })
  } finally {
    removeScratchFolder(folder)
  }
}

/** The file that is there; null when there is none, or none that is intact. */
async function openSound(target: SqliteTarget, file: string): Promise<SqliteConnection | null> {
  if (!existsSync(file)) return null
  try {
    const connection = await openHandle(target, 'read-write')
    if (isIntact(connection)) return connection
    connection.close()
    return null
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

function isDamage(error: unknown): boolean {
  const state = error instanceof DatabaseError ? error.facts.sqlState : null
  return state !== null && /^SQLITE_(?:CORRUPT|NOTADB)/.test(state)
}

// SQLite follows links too, and keeps its other files beside the file that they lead to.
function realFile({ path }: SqliteTarget): string {
  return existsSync(path) ? realpathSync(path) : path
}
