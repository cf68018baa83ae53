import { variablePrefix } from './environment-name.ts'
import { readSecretFile, type SecretReading } from './secret-file.ts'
import { checkSecret, type Variables } from './variables.ts'

const FILE_VARIABLE = 'DATABASE_PASSWORD_FILE'

export interface PasswordSources {
  readonly variables: Variables
  readonly root: string
  /** Adds the variable with its name in front. */
  readonly environment: string | undefined
  /** Whether the process runs in that environment: others have only their own variables. */
  readonly current: boolean
}

/**
 * The password of a DSN that has none: from the file that `<NAME>_DATABASE_PASSWORD_FILE` names,
 * else `DATABASE_PASSWORD_FILE`, else `PGPASSWORD`. Null when none is set.
 */
export function findDatabasePassword(sources: PasswordSources): SecretReading | null {
  const { variables, root, environment, current } = sources
  const own = environment === undefined ? [] : [`${variablePrefix(environment)}${FILE_VARIABLE}`]
  for (const variable of current ? [...own, FILE_VARIABLE] : own) {
    const path = variables[variable]
    if (path) return readSecretFile(variable, path, root)
  }
  const value = current ? variables['PGPASSWORD'] : undefined
  return value ? checkSecret('PGPASSWORD', value) : null
}
