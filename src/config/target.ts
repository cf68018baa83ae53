import type { Target } from '../database/contract.ts'
import type { ConfigFault } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { TidegateConfig } from './define.ts'
import { parsePostgresDsn } from './dsn.ts'
import { variablePrefix } from './environment-name.ts'
import { parseSqlitePath } from './sqlite-path.ts'
import type { Variables } from './variables.ts'

export interface TargetContext {
  /**
   * Whether the process runs in this environment. The variables without a prefix describe that
   * one, so for any other only those with its name in front count, and then the file.
   */
  readonly current: boolean
  readonly root: string
  readonly variables: Variables
  readonly config: TidegateConfig
  /** Names the file in messages. */
  readonly configName: string
}

export interface ResolvedTarget {
  readonly target: Target
  /** `SQL_DSN`, `default`, `tidegate.config.ts environments.production.url`. */
  readonly source: string
  readonly secrets: readonly Secret[]
  readonly warnings: readonly string[]
}

export type TargetResolution = ResolvedTarget | { readonly faults: readonly ConfigFault[] }

const DEFAULT_PATH = './data/one-api.db'

/**
 * Where the database of an environment is: from the first of its own variables, the unprefixed
 * variables and the file that is set and not empty. Only `local` has a default; null when there is
 * nothing, so that nobody writes to a local file in the belief that it is production's database.
 */
export function resolveTarget(name: string, context: TargetContext): TargetResolution | null {
  const scope = {
    name,
    ...context,
    prefixes: [variablePrefix(name), ...(context.current ? [''] : [])],
  }
  for (const prefix of scope.prefixes) {
    const resolution = fromVariables(prefix, scope)
    if (resolution !== null) return resolution
  }
  const fromFile = fromConfig(scope)
  if (fromFile !== null || name !== 'local') return fromFile
  return fromSqlitePath(DEFAULT_PATH, 'default', scope)
}

/** The fault of an environment with no database: it names the variables that would say one. */
export function missingTarget(name: string, context: TargetContext): ConfigFault {
  const own = TARGET_VARIABLES.map((variable) => `${variablePrefix(name)}${variable}`)
  const counting = [...own, ...(context.current ? TARGET_VARIABLES : [])].join(', ')
  const inFile = `environments.${name}.url in ${context.configName}`
  const problem = `nothing says where its database is: set one of ${counting}, or ${inFile}`
  return { source: `environment ${name}`, problem }
}

/** They say where the database is, the strongest first. */
export const TARGET_VARIABLES = ['SQL_DSN', 'DATABASE_URL', 'SQLITE_PATH'] as const

interface Scope extends TargetContext {
  readonly name: string
  /** In front of the variables that count, the strongest first. */
  readonly prefixes: readonly string[]
}

function fromVariables(prefix: string, scope: Scope): TargetResolution | null {
  const [dsnName, urlName, pathName] = TARGET_VARIABLES.map((variable) => `${prefix}${variable}`)
  const dsn = scope.variables[dsnName!]
  const url = scope.variables[urlName!]
  const path = scope.variables[pathName!]
  if (dsn) {
    const resolution = fromGatewayDsn(dsn, dsnName!, scope)
    const differ = `${dsnName} and ${urlName} differ: ${dsnName} is used, as the gateway does`
    return url && url !== dsn ? warn(resolution, differ) : resolution
  }
  if (url) return fromUrl(url, urlName!, scope)
  return path ? fromSqlitePath(path, pathName!, scope) : null
}

function fromConfig(scope: Scope): TargetResolution | null {
  const { config, configName, name } = scope
  const { url, sqlitePath } = config.environments?.[name] ?? {}
  const source = `${configName} environments.${name}`
  if (url) return fromUrl(url, `${source}.url`, scope)
  return sqlitePath ? fromSqlitePath(sqlitePath, `${source}.sqlitePath`, scope) : null
}

/** SQL_DSN as the gateway reads it, which takes whatever it does not know for MySQL. */
function fromGatewayDsn(dsn: string, source: string, scope: Scope): TargetResolution {
  if (isPostgres(dsn)) return fromPostgres(dsn, source, scope)
  if (dsn.startsWith('local')) return fromLocalDsn(source, scope)
  const problem =
    'it is neither postgres:// nor local, so the gateway takes it for MySQL, which is not supported'
  return { faults: [{ source, problem }] }
}

function fromLocalDsn(source: string, scope: Scope): TargetResolution {
  const named = scope.prefixes.map((prefix) => `${prefix}SQLITE_PATH`)
  const variable = named.find((candidate) => scope.variables[candidate])
  return variable === undefined
    ? fromSqlitePath(DEFAULT_PATH, source, scope)
    : fromSqlitePath(scope.variables[variable]!, variable, scope)
}

function fromUrl(url: string, source: string, scope: Scope): TargetResolution {
  if (isPostgres(url)) return fromPostgres(url, source, scope)
  if (/^(?:sqlite|file):/.test(url)) return fromSqlitePath(url, source, scope)
  const problem = /^(?:mysql|mariadb):/i.test(url)
    ? 'MySQL is not supported: only postgres:// and sqlite: are'
    : 'it starts with none of postgres://, postgresql://, sqlite: and file:'
  return { faults: [{ source, problem }] }
}

function isPostgres(text: string): boolean {
  return text.startsWith('postgres://') || text.startsWith('postgresql://')
}

function fromPostgres(dsn: string, source: string, scope: Scope): TargetResolution {
  const { variables, root, name, current } = scope
  const result = parsePostgresDsn(dsn, { source, env: variables, root, environment: name, current })
  return 'faults' in result ? result : { ...result, source }
}

function fromSqlitePath(path: string, source: string, scope: Scope): TargetResolution {
  const result = parseSqlitePath(path, { source, root: scope.root })
  return 'faults' in result ? result : { ...result, source, secrets: [] }
}

function warn(resolution: TargetResolution, warning: string): TargetResolution {
  if ('faults' in resolution) return resolution
  return { ...resolution, warnings: [warning, ...resolution.warnings] }
}
