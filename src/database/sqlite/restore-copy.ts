import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  openSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { TidegateError } from '../../errors.ts'
import { checkCopy } from './check-copy.ts'
import { createPrivateFile, syncToDisk } from './disk.ts'
import { openHandle } from './handle.ts'
import type { RestorePointFile } from './point-files.ts'

const PORTION_BYTES = 1 << 20

/** Copies a restore point into a folder of our own, and checks the copy. @returns its path */
export async function copyPoint({ path, name }: RestorePointFile, folder: string): Promise<string> {
  const copy = join(folder, 'copy.db')
  createPrivateFile(copy)
  copyBytes(path, copy)
  if ((await checkCopy(copy, name)) === 0) {
    throw new TidegateError('restore', `${name} holds no table`)
  }
  return copy
}

// A link that was put in its place is not followed.
function copyBytes(from: string, to: string): void {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW)
  const target = openSync(to, 'r+')
  try {
    const portion = Buffer.allocUnsafe(PORTION_BYTES)
    for (let size = 0; (size = readSync(source, portion)) > 0;) writeAll(target, portion, size)
  } finally {
    closeSync(source)
    closeSync(target)
  }
}

function writeAll(file: number, portion: Buffer, size: number): void {
  for (let written = 0; written < size;) {
    written += writeSync(file, portion, written, size - written)
  }
}

/** Gives the copy what the gateway expects of its file, and puts it on the disk. */
export async function dressCopy(
  copy: string,
  { old, hasLog }: { readonly old: Stats | null; readonly hasLog: boolean },
): Promise<void> {
  if (hasLog) await addLog(copy)
  if (old !== null) takeOver(copy, old)
  syncToDisk(copy)
}

async function addLog(copy: string): Promise<void> {
  const target = { dialect: 'sqlite', path: copy, label: 'the copy', busyTimeoutMs: 0 } as const
  const connection = await openHandle(target, 'read-write')
  try {
    connection.rows('pragma journal_mode = wal')
  } finally {
    connection.close()
  }
}

function takeOver(copy: string, { mode, uid, gid }: Stats): void {
  const ours = statSync(copy)
  try {
    if (ours.uid !== uid || ours.gid !== gid) chownSync(copy, uid, gid)
  } catch (error) {
    throw new TidegateError('restore', 'the file belongs to another user or group', {
      nextStep: 'run it as that user, or as root',
      cause: error,
    })
  }
  chmodSync(copy, mode & 0o777)
}
