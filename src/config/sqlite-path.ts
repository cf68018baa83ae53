import { resolve } from 'node:path'
import type { SqliteTarget } from '../database/contract.ts'
import type { ConfigFault } from '../errors.ts'
import { describeBadLine, percentDecode } from './text-rules.ts'

export type SqlitePathResult =
  | { readonly target: SqliteTarget; readonly warnings: readonly string[] }
  | { readonly faults: readonly ConfigFault[] }

const DEFAULT_BUSY_TIMEOUT_MS = 5_000

const LONGEST_BUSY_TIMEOUT_MS = 2 ** 31 - 1

/**
 * Reads a path as the gateway's SQLITE_PATH gives it: whatever follows `?` are parameters, of
 * which `_busy_timeout` (milliseconds) counts and others are ignored with a warning. Also takes
 * `sqlite:` and `file:` URLs, whose path is percent-decoded. Relative to `root`.
 */
export function parseSqlitePath(
  text: string,
  context: { readonly source: string; readonly root: string },
): SqlitePathResult {
  const { source, root } = context
  const [label = '', ...rest] = text.split('?')
  const parameters = readParameters(rest.join('?'))
  const path = readPath(label)
  const problems = [...('problem' in path ? [path.problem] : []), ...parameters.problems]
  if ('problem' in path || problems.length > 0) {
    return { faults: problems.map((problem) => ({ source, problem })) }
  }
  const { busyTimeoutMs } = parameters
  const target = {
    dialect: 'sqlite',
    path: resolve(root, path.path),
    label,
    busyTimeoutMs,
  } as const
  return { target, warnings: parameters.ignored.map((name) => `${source}: ${name} is ignored`) }
}

function readPath(label: string): { readonly path: string } | { readonly problem: string } {
  const path = /^(?:sqlite|file):/.test(label) ? pathOfUrl(label) : label
  if (path === null) return { problem: URL_FORMS }
  const bad = describeBadLine(path)
  if (bad !== null) return { problem: `the path ${bad}` }
  // An empty database that vanishes at the end of every command is never what is meant.
  if (path.startsWith(':memory:')) return { problem: 'a database in memory cannot be kept' }
  return { path }
}

const URL_FORMS =
  'write sqlite:./relative/path or sqlite:///absolute/path, and a literal "%" as %25'

function pathOfUrl(url: string): string | null {
  const rest = url.slice(url.indexOf(':') + 1)
  // In `sqlite://data/x.db` tools disagree on whether `data` is a host or a folder.
  if (/^\/\/(?!\/)/.test(rest)) return null
  return percentDecode(rest.replace(/^\/+/, '/'))
}

interface Parameters {
  readonly busyTimeoutMs: number
  readonly ignored: readonly string[]
  readonly problems: readonly string[]
}

function readParameters(text: string): Parameters {
  const pairs = text.split('&').filter((pair) => pair !== '')
  const isBusyTimeout = (pair: string) => pair.startsWith('_busy_timeout=')
  const values = pairs.filter(isBusyTimeout).map((pair) => pair.slice('_busy_timeout='.length))
  const busyTimeoutMs = Number(values[0] ?? DEFAULT_BUSY_TIMEOUT_MS)
  const isValid = values.every((value) => /^\d{1,10}$/.test(value))
  return {
    busyTimeoutMs,
    ignored: pairs.filter((pair) => !isBusyTimeout(pair)).map(nameParameter),
    problems: [
      ...(values.length > 1 ? ['_busy_timeout is given more than once'] : []),
      ...(isValid && busyTimeoutMs <= LONGEST_BUSY_TIMEOUT_MS
        ? []
        : ['_busy_timeout is not a number of milliseconds']),
    ],
  }
}

function nameParameter(pair: string): string {
  const [name = ''] = pair.split('=')
  return /^[A-Za-z_]{1,40}$/.test(name) ? `the parameter ${name}` : 'a parameter of the path'
}
