import { closeSync, constants, fsyncSync, openSync, statfsSync } from 'node:fs'
import { TidegateError } from '../../errors.ts'

/** Makes an empty file for its owner alone; one that is there already, or a link, is an error. */
export function createPrivateFile(path: string): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
  closeSync(openSync(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600))
}

/** Also of a folder, whose names last only then. */
export function syncToDisk(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Bytes that a user other than root can still write. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

const SAYS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's share of the disk is full",
  EACCES: 'the user may not write the folder of the file',
  EPERM: 'the user may not write the folder of the file',
  EROFS: 'the disk is read-only',
  EBUSY: 'the file is a mount point: mount its folder instead',
  ENAMETOOLONG: 'the name of the file is too long',
}

/** What failed, for people, without a path. */
export function describeDiskFailure(error: unknown): string {
  if (error instanceof TidegateError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return SAYS[code] ?? `the file system says ${code}`
}
