import { TidegateError } from '../../errors.ts'
import type { SqliteTarget } from '../contract.ts'
import { findOtherPrograms, type OtherProgram } from './other-programs.ts'

/** What SQLite keeps beside a file. */
export const COMPANIONS = ['-journal', '-wal', '-shm'] as const

/** @throws TidegateError when another program is seen to have the file open. */
export function assertUnused(file: string, target: SqliteTarget): void {
  const programs = findOtherPrograms(['', ...COMPANIONS].map((tail) => file + tail))
  if (programs.length > 0) throw inUse(target, programs)
}

export function inUse({ label }: SqliteTarget, programs: readonly OtherProgram[]): TidegateError {
  const named = programs.map(({ processId, name }) => `process ${processId} (${name})`)
  const who = named.length === 0 ? 'another program' : named.join(', ')
  return new TidegateError('restore', `${label} is open in ${who}; nothing was changed`, {
    nextStep: 'stop the gateway, and whatever else uses the file, and run the command again',
    details: { programs },
  })
}
