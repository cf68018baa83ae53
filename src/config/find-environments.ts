import { ConfigError } from '../errors.ts'
import {
  environmentsWithDatabase,
  matchEnvironments,
  type NamedEnvironment,
} from './environment-names.ts'
import { NEXT_STEP, readSources, type SettingsInput } from './settings.ts'

/**
 * The environments with a database that `prod-*` or `prod-eu,prod-us` names, sorted. One called
 * `except` is found by its name only. @throws ConfigError when a part of the pattern matches nothing
 */
export async function findEnvironments(
  pattern: string,
  except: string | null,
  input: SettingsInput,
): Promise<readonly NamedEnvironment[]> {
  const { context, home, faults, doubts } = await readSources(input)
  const found = matchEnvironments(pattern, environmentsWithDatabase(context, home), except)
  const all = [...faults, ...found.faults]
  if (all.length > 0) throw new ConfigError([...doubts, ...all], NEXT_STEP)
  return found.matched
}
