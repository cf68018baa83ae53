import { existsSync } from 'node:fs'
import type { ConfigFault } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { isEnvironmentName } from './environment-name.ts'
import { resolveTarget, TARGET_VARIABLES, type TargetContext } from './target.ts'

/** An environment whose database is said somewhere. */
export interface NamedEnvironment {
  readonly name: string
  /** Passwords that lead to it. */
  readonly secrets: readonly Secret[]
}

/** Variables of the gateway itself that look like those of an environment. */
const NOT_AN_ENVIRONMENT: ReadonlySet<string> = new Set(['LOG_SQL_DSN'])

/**
 * Every environment that the variables and the configuration file name, sorted: `local`,
 * `production`, the one the process runs in, those of the file, and NAME of every NAME_SQL_DSN,
 * NAME_DATABASE_URL and NAME_SQLITE_PATH that is not empty.
 */
export function environmentNames(
  { variables, config }: Pick<TargetContext, 'variables' | 'config'>,
  home: string,
): readonly string[] {
  const named = Object.entries(variables)
    .filter(([variable, value]) => value !== '' && !NOT_AN_ENVIRONMENT.has(variable))
    .flatMap(([variable]) => nameIn(variable))
  const all = ['local', 'production', home, ...Object.keys(config.environments ?? {}), ...named]
  return [...new Set(all)].filter(isEnvironmentName).toSorted()
}

function nameIn(variable: string): string[] {
  const ending = TARGET_VARIABLES.find((name) => variable.endsWith(`_${name}`))
  if (ending === undefined || variable !== variable.toUpperCase()) return []
  return [
    variable
      .slice(0, -ending.length - 1)
      .toLowerCase()
      .replaceAll('_', '-'),
  ]
}

/** Those that a run could connect to; `local` without a word about it only when its file exists. */
export function environmentsWithDatabase(
  context: Omit<TargetContext, 'current'>,
  home: string,
): readonly NamedEnvironment[] {
  return environmentNames(context, home).flatMap((name) => {
    const found = resolveTarget(name, { ...context, current: name === home })
    if (found === null) return []
    // What is wrong with it is said by the run that needs it.
    if ('faults' in found) return [{ name, secrets: [] }]
    const { source, target, secrets } = found
    const isMissing =
      source === 'default' && target.dialect === 'sqlite' && !existsSync(target.path)
    return isMissing ? [] : [{ name, secrets }]
  })
}

/** What a list of names and patterns matches. */
export interface PatternMatch {
  readonly matched: readonly NamedEnvironment[]
  readonly faults: readonly ConfigFault[]
}

/**
 * The environments of `prod-*` or `prod-eu,prod-us`, each once; `*` stands for any characters.
 * Every part must match something. `except` is no match of a part with `*`.
 */
export function matchEnvironments(
  pattern: string,
  environments: readonly NamedEnvironment[],
  except: string | null,
): PatternMatch {
  const parts = pattern.split(',').map((part) => part.trim())
  const matches = parts.map((part) => {
    const isMatch = matcherOf(part)
    const isLeftOut = (name: string) => part.includes('*') && name === except
    return environments.filter(({ name }) => isMatch(name) && !isLeftOut(name))
  })
  const faults = parts.flatMap((part, index) =>
    matches[index]!.length > 0 ? [] : [unmatched(part, environments)],
  )
  const names = new Set(matches.flat().map(({ name }) => name))
  return { matched: environments.filter(({ name }) => names.has(name)), faults }
}

/** Not a regular expression: one with several `.*` could take very long. */
function matcherOf(part: string): (name: string) => boolean {
  const [start = '', ...rest] = part.split('*')
  const end = rest.pop()
  if (end === undefined) return (name) => name === part
  return (name) => {
    if (!name.startsWith(start) || !name.endsWith(end)) return false
    let from = start.length
    for (const piece of rest) {
      const at = name.indexOf(piece, from)
      if (at === -1) return false
      from = at + piece.length
    }
    return from + end.length <= name.length
  }
}

function unmatched(part: string, environments: readonly NamedEnvironment[]): ConfigFault {
  const names = environments.map(({ name }) => name).join(', ') || 'none'
  // What was typed may be a pasted key, so only what can be a pattern is repeated.
  const shown = /^[a-z0-9*-]{1,40}$/.test(part) ? `${part} matches no environment` : 'no match'
  return { source: '--env', problem: `${shown}; those with a database: ${names}` }
}
