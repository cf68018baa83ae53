import { LockBusyError } from '../errors.ts'

/** The same for every command. */
export const EXIT_CODES = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Any error, of usage and configuration too. */
  error: 1,
  /** A command whose job is to look found a difference or something pending. */
  found: 2,
  /** The lock was busy until the deadline: try again. */
  lockBusy: 75,
} as const

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES]

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof LockBusyError ? EXIT_CODES.lockBusy : EXIT_CODES.error
}
