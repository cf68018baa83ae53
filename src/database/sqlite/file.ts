import { closeSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseError } from '../../errors.ts'
import type { OpenOptions, SqliteTarget } from '../contract.ts'

/** Makes the file where it is wanted. @throws DatabaseError when there is none that can be used. */
export function prepareFile(
  { path, label }: SqliteTarget,
  missingFile: OpenOptions['missingFile'],
): void {
  const kind = kindOf(path)
  // SQLite says itself what is wrong with a file that cannot be looked at.
  if (kind === 'file' || kind === 'unknown') return
  if (kind === 'other') throw unusable(`${label} is not a file`, 'check the path')
  if (missingFile === 'fail') {
    throw unusable(
      `there is no file ${label}`,
      'check the path, or let the gateway or `tidegate migrate up` make it',
    )
  }
  if (kindOf(dirname(path)) === 'missing') {
    throw unusable(`the folder of ${label} does not exist`, 'make the folder, or check the path')
  }
  createFile(path, label)
}

function kindOf(path: string): 'file' | 'other' | 'missing' | 'unknown' {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return 'missing'
    return stats.isFile() ? 'file' : 'other'
  } catch {
    return 'unknown'
  }
}

// SQLite would make it readable for everyone, and it is going to hold keys.
function createFile(path: string, label: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {
    throw unusable(`${label} cannot be made`, 'let the user that runs tidegate write the folder')
  }
}

function unusable(message: string, nextStep: string): DatabaseError {
  return new DatabaseError('connection', message, { sqlState: null, retry: 'never' }, nextStep)
}
