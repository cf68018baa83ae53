import { realpathSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { TidegateError } from '../../errors.ts'
import { checkCopy, countTables } from './check-copy.ts'
import { createPrivateFile, describeDiskFailure, freeBytes, syncToDisk } from './disk.ts'
import { isBusy } from './errors.ts'
import { freePointPath, pruneRestorePoints } from './point-files.ts'
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts'
import type { SqliteSession } from './session.ts'

type Source = Pick<SqliteSession, 'connection' | 'target'>

const WITHOUT = 'or set `restorePoints: 0` in tidegate.config.ts to write without one'

/**
 * Copies the database beside itself, complete and checked. Other programs may write meanwhile.
 * Outside a transaction.
 * @returns its path, or null where there is no table to keep
 * @throws TidegateError `restore`; DatabaseError `lock-busy` when another program was in the way
 */
export async function makeRestorePoint(source: Source): Promise<string | null> {
  try {
    return await copyBeside(source)
  } catch (error) {
    if (isBusy(error)) throw error
    throw restorePointFailure(source, error, WITHOUT)
  }
}

/**
 * Only what has written makes older restore points worth less: attempts that are refused again and
 * again would push out the last good ones. Never throws: the transaction is committed.
 */
export function pruneAfterWriting({
  target,
  restorePoint,
  restorePointsKept,
}: SqliteSession): void {
  if (restorePoint?.kind !== 'file') return
  try {
    pruneRestorePoints(realpathSync(target.path), restorePoint.path, restorePointsKept)
  } catch {
    // The next run drops them.
  }
}

/** Of a connection that has written nothing: no run can refer to it. Never throws. */
export function dropUnusedRestorePoint(session: SqliteSession): void {
  const { restorePoint, mayHaveWritten } = session
  if (mayHaveWritten || restorePoint?.kind !== 'file') return
  session.restorePoint = null
  try {
    rmSync(restorePoint.path, { force: true })
  } catch {
    // One too many does no harm.
  }
}

/** What is there before a restore point takes its place. */
export async function keepPresentState(source: Source): Promise<string | null> {
  try {
    return await copyBeside(source)
  } catch (error) {
    if (isBusy(error)) throw error
    throw restorePointFailure(source, error, 'nothing is replaced that could not be kept')
  }
}

function restorePointFailure({ target }: Source, error: unknown, rest: string): TidegateError {
  const message = `no restore point of ${target.label} could be made: ${describeDiskFailure(error)}`
  const known = error instanceof TidegateError ? error.nextStep : undefined
  const nextStep = `${known ?? 'make room and rights for it in the folder'}; ${rest}`
  return new TidegateError('restore', message, { nextStep, cause: error })
}

async function copyBeside(source: Source): Promise<string | null> {
  const tables = countTables(source.connection)
  if (tables === 0) return null
  const file = realpathSync(source.target.path)
  assertRoom(source, dirname(file))
  const folder = makeScratchFolder(file)
  try {
    const copy = join(folder, 'copy.db')
    createPrivateFile(copy)
    await source.connection.execute(CompiledQuery.raw('vacuum into ?', [copy]))
    syncToDisk(copy)
    await assertComplete(source, copy, tables)
    const path = freePointPath(file)
    renameSync(copy, path)
    syncToDisk(dirname(file))
    return path
  } finally {
    removeScratchFolder(folder)
  }
}

function assertRoom({ connection }: Source, folder: string): void {
  const [[size] = []] = connection.rows(
    'select page_count * page_size from pragma_page_count, pragma_page_size',
  )
  const needed = Math.ceil(Number(size) * 1.1)
  const free = freeBytes(folder)
  if (free >= needed) return
  throw new TidegateError('restore', `it takes ${needed} bytes, and the disk has ${free}`)
}

// The gateway may have made a table while the copy was made.
async function assertComplete(source: Source, copy: string, before: number): Promise<void> {
  const tables = await checkCopy(copy, 'the copy')
  if (tables === before || tables === countTables(source.connection)) return
  throw new TidegateError('restore', `the copy has ${tables} tables instead of ${before}`)
}
