import type { Settings } from '../config/settings.ts'
import { readSecret } from '../config/variables.ts'
import { ConfigError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Context } from './context.ts'

const VARIABLE = 'TIDEGATE_PLAN_KEY'

/** Who guesses the key can seal a plan of his own. */
const MIN_LENGTH = 32

/**
 * The key that plan files are sealed with, from TIDEGATE_PLAN_KEY or its _FILE; null when neither is
 * set. @throws ConfigError when it is too short to be worth anything.
 */
export function readPlanKey({ output }: Context, settings: Settings): Secret | null {
  const reading = readSecret(settings.variables, VARIABLE, settings.root)
  if (reading === null) return null
  if ('fault' in reading) throw new ConfigError([reading.fault])
  const { secret, warnings } = reading
  output.redactor.add([secret])
  for (const warning of warnings) output.warn(warning)
  if (secret.reveal().length >= MIN_LENGTH) return secret
  throw new ConfigError(
    [{ source: VARIABLE, problem: `it has fewer than ${MIN_LENGTH} characters` }],
    'make one with `openssl rand -hex 32`, and set the same one for `plan` and `apply`',
  )
}
