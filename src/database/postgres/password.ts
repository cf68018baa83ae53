import type { Secret } from '../../secret.ts'

/** The server asked for a password and none is configured. */
export class MissingPasswordError extends Error {}

/**
 * The driver's `password`. A function even when there is none: left to itself the driver would
 * look into PGPASSWORD and a password file, which belong to the configuration.
 */
export function askPassword(password: Secret | null): () => string {
  return () => {
    const value = password?.reveal() ?? ''
    if (value === '') throw new MissingPasswordError()
    return value
  }
}
