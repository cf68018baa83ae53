import { JournalKey } from '../apply/journal-key.ts'
import type { Settings } from '../config/settings.ts'
import { readSecret } from '../config/variables.ts'
import { ConfigError } from '../errors.ts'
import type { Output } from './output.ts'

const VARIABLE = 'TIDEGATE_JOURNAL_KEY'

/** Guessing a key of this many characters costs more than the secrets are worth. */
const MIN_LENGTH = 32

/**
 * The key that protects the journal, from TIDEGATE_JOURNAL_KEY or its _FILE, for every run
 * that writes; nothing when neither is set. @throws ConfigError when it is too short to protect anything.
 */
export function readJournalKey(
  output: Output,
  { variables, root }: Settings,
): { readonly journalKey?: JournalKey } {
  const reading = readSecret(variables, VARIABLE, root)
  if (reading === null) return {}
  if ('fault' in reading) throw new ConfigError([reading.fault])
  const { secret, warnings } = reading
  output.redactor.add([secret])
  for (const warning of warnings) output.warn(warning)
  const key = secret.reveal()
  if (key.length < MIN_LENGTH) {
    throw new ConfigError(
      [{ source: VARIABLE, problem: `it has fewer than ${MIN_LENGTH} characters` }],
      'make one with `openssl rand -hex 32`, and keep it: the journal cannot be undone without it',
    )
  }
  return { journalKey: new JournalKey(key) }
}
