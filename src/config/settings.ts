import { resolve } from 'node:path'
import type { Target } from '../database/contract.ts'
import { ConfigError, type ConfigFault } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { chooseSettings, type Choices, type Flags } from './choices.ts'
import { loadConfigFile } from './config-file.ts'
import { readEnvFile } from './env-file.ts'
import { ENVIRONMENT_NAME_RULE, isEnvironmentName, variablePrefix } from './environment-name.ts'
import {
  missingTarget,
  resolveTarget,
  TARGET_VARIABLES,
  type ResolvedTarget,
  type TargetContext,
} from './target.ts'
import type { Variables } from './variables.ts'

export type { Flags }

export const NEXT_STEP = 'correct what is named and run the command again; no connection was made'

export interface SettingsInput {
  /** The root: `.env`, the configuration file and relative paths start here. */
  readonly cwd: string
  /** The process's environment; it is not changed. */
  readonly env: Variables
  readonly flags: Flags
  /**
   * Whether the process visits several environments: variables without a prefix then lead only to
   * the one it runs in, or all would be the same database.
   */
  readonly visits?: boolean
  /** Loads the configuration file; `import()` when absent. */
  readonly importModule?: (path: string) => Promise<unknown>
}

export interface Settings extends Choices {
  /** Absolute. */
  readonly root: string
  readonly target: Target
  /** What said so: `SQL_DSN`, `default`, `tidegate.config.ts environments.production.url`. */
  readonly targetSource: string
  /** The process's environment over `.env`. Has no prototype. */
  readonly variables: Variables
  /** Every password loaded, as it is and as written; for the redactor. */
  readonly secrets: readonly Secret[]
  /** For the user, one sentence each; they hold no values. */
  readonly warnings: readonly string[]
  /**
   * Where another environment's database is. Variables without a prefix do not count for it: they
   * describe the environment the process runs in. @throws ConfigError
   */
  readonly targetOf: (environment: string) => ResolvedTarget
}

/**
 * Reads flags, variables, `.env` and the configuration file: flags come before variables, those
 * before the file, that before defaults. No connection is made.
 * @throws ConfigError with every fault at once, each with the name of what holds it.
 */
export async function loadSettings(input: SettingsInput): Promise<Settings> {
  const sources = await readSources(input)
  const { context, choices, faults, doubts, isUnread } = sources
  const found = findTarget(choices.environment, context, isUnread)
  const all = [...faults, ...found.faults]
  if (!('target' in found) || all.length > 0) throw new ConfigError([...doubts, ...all], NEXT_STEP)
  const doubted = doubts.map(({ source, problem }) => `${source}: ${problem}`)
  return {
    ...choices,
    root: context.root,
    target: found.target,
    targetSource: found.source,
    variables: context.variables,
    secrets: found.secrets,
    warnings: [...doubted, ...found.warnings, ...describeMixup(input, found.source, sources)],
    targetOf: (name) => findOther(name, { ...context, current: name === choices.environment }),
  }
}

export interface Sources {
  readonly context: TargetContext
  /** The environment that the process runs in, whatever `--env` says. */
  readonly home: string
  readonly choices: Choices
  readonly faults: readonly ConfigFault[]
  /** Warnings when all goes well, and the likely cause when it does not. */
  readonly doubts: readonly ConfigFault[]
  /** Whether a file that may say more could not be read. */
  readonly isUnread: boolean
}

/** Everything that is read before the database of one environment is looked for. */
export async function readSources(input: SettingsInput): Promise<Sources> {
  const { cwd, env, flags, importModule, visits = false } = input
  const root = resolve(cwd)
  const envFile = await readEnvFile(root)
  const configFile = await loadConfigFile({ root, named: flags.config, importModule })
  const { config, name: configName } = configFile
  const variables = mergeVariables(envFile.variables, env)
  const chosen = chooseSettings({ flags, variables, config }, root)
  const home = variables['TIDEGATE_ENV'] || config.environment || 'local'
  const current = !visits || chosen.choices.environment === home
  return {
    context: { current, root, variables, config, configName },
    home,
    choices: chosen.choices,
    faults: [...envFile.faults, ...configFile.faults, ...chosen.faults],
    doubts: envFile.doubts,
    isUnread: configFile.isUnread || envFile.faults.length > 0,
  }
}

function mergeVariables(fromFile: Variables, env: Variables): Variables {
  // Without a prototype, so that a name such as `constructor` is not a variable.
  const variables: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of [...Object.entries(fromFile), ...Object.entries(env)]) {
    if (value !== undefined) variables[name] = value
  }
  return variables
}

type Found =
  | (ResolvedTarget & { readonly faults: readonly ConfigFault[] })
  | { readonly faults: readonly ConfigFault[] }

function findTarget(name: string, context: TargetContext, isUnread: boolean): Found {
  // The fault of a malformed name has been found where the name comes from.
  if (!isEnvironmentName(name)) return { faults: [] }
  const resolution = resolveTarget(name, context)
  if (resolution !== null) return { faults: [], ...resolution }
  // What cannot be read may well say it.
  return { faults: isUnread ? [] : [missingTarget(name, context)] }
}

function findOther(name: string, context: TargetContext): ResolvedTarget {
  if (!isEnvironmentName(name)) {
    const fault = { source: 'name of an environment', problem: ENVIRONMENT_NAME_RULE }
    throw new ConfigError([fault], NEXT_STEP)
  }
  const found = findTarget(name, context, false)
  if (!('target' in found)) throw new ConfigError(found.faults, NEXT_STEP)
  return found
}

/**
 * `--env production` on a developer's machine, whose `.env` says SQL_DSN for the local gateway:
 * the rules take that for production's database.
 */
function describeMixup(
  { flags, env }: SettingsInput,
  source: string,
  { home }: Sources,
): readonly string[] {
  const own = ['local', home]
  const isFromFile = TARGET_VARIABLES.some((name) => name === source) && env[source] === undefined
  if (flags.env === undefined || own.includes(flags.env) || !isFromFile) return []
  const better = `${variablePrefix(flags.env)}${source}`
  return [`--env ${flags.env} uses ${source} of .env; set ${better} when that is another database`]
}
