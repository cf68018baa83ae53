import type { Settings } from '../config/settings.ts'
import { readSecret } from '../config/variables.ts'
import { ConfigError } from '../errors.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Context } from './context.ts'

const VARIABLE = 'TIDEGATE_FINGERPRINT_KEY'

/** Guessing a key of this many characters costs more than the secrets are worth. */
const MIN_LENGTH = 32

/**
 * The key with which secrets are compared, from TIDEGATE_FINGERPRINT_KEY or its _FILE; null when
 * neither is set. @throws ConfigError when it is too short to protect what it fingerprints.
 */
export function readFingerprinter(context: Context, settings: Settings): Fingerprinter | null {
  const reading = readSecret(settings.variables, VARIABLE, settings.root)
  if (reading === null) return null
  if ('fault' in reading) throw new ConfigError([reading.fault])
  const { secret, warnings } = reading
  context.output.redactor.add([secret])
  for (const warning of warnings) context.output.warn(warning)
  const key = secret.reveal()
  if (key.length < MIN_LENGTH) {
    throw new ConfigError(
      [{ source: VARIABLE, problem: `it has fewer than ${MIN_LENGTH} characters` }],
      'make one with `openssl rand -hex 32`, and use the same one on both sides',
    )
  }
  return new Fingerprinter(Buffer.from(key, 'utf8'))
}
