import { isAbsolute } from 'node:path'
import { describeBadLine } from '../config/text-rules.ts'
import { ConfigError, type ConfigFault } from '../errors.ts'
import { Secret } from '../secret.ts'

export type Variables = Readonly<Record<string, string | undefined>>

export interface Repository {
  readonly owner: string
  readonly name: string
}

/** What GitHub Actions tells a step. */
export interface GithubEnvironment {
  readonly repository: Repository
  /** Without a slash at its end. */
  readonly apiUrl: string
  /** Null when the step was not given one. */
  readonly token: Secret | null
  readonly eventName: string
  /** File that holds the event as JSON. */
  readonly eventPath: string
  /** Page of this run, where its artifacts are. */
  readonly runUrl: string
}

const HOW_TO_POST =
  'give the step `GITHUB_TOKEN: ${{ github.token }}` and the job `permissions: pull-requests: write`'

/** What is wrong with a value, as the end of a sentence; null when nothing is. */
type Check = (value: string) => string | null

const REQUIRED = {
  GITHUB_REPOSITORY: matches(
    /^[A-Za-z0-9][\w-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100}$/,
    'owner/name of a repository',
  ),
  GITHUB_API_URL: describeBadUrl,
  GITHUB_SERVER_URL: describeBadUrl,
  GITHUB_EVENT_NAME: matches(/^[a-z_]{1,50}$/, 'the name of an event'),
  GITHUB_EVENT_PATH: describeBadPath,
  GITHUB_RUN_ID: matches(/^\d{1,20}$/, 'a number'),
} as const satisfies Record<string, Check>

/**
 * Reads the variables that Actions sets for every step.
 * @throws ConfigError with all that are missing or malformed.
 */
export function readEnvironment(env: Variables): GithubEnvironment {
  const token = env['GITHUB_TOKEN'] || null
  const faults = [
    ...Object.entries(REQUIRED).flatMap(([name, check]) => faultsOf(name, env[name], check)),
    ...(token === null ? [] : faultsOf('GITHUB_TOKEN', token, describeBadLine)),
  ]
  if (faults.length > 0) {
    throw new ConfigError(faults, 'use --github in a step of GitHub Actions only, which sets them')
  }
  const read = (name: keyof typeof REQUIRED): string => env[name]!
  const [owner = '', name = ''] = read('GITHUB_REPOSITORY').split('/')
  const serverUrl = withoutSlash(read('GITHUB_SERVER_URL'))
  return {
    repository: { owner, name },
    apiUrl: withoutSlash(read('GITHUB_API_URL')),
    token: token === null ? null : new Secret(token),
    eventName: read('GITHUB_EVENT_NAME'),
    eventPath: read('GITHUB_EVENT_PATH'),
    runUrl: `${serverUrl}/${owner}/${name}/actions/runs/${read('GITHUB_RUN_ID')}`,
  }
}

/** @throws ConfigError when the step was not given a token. */
export function requireToken({ token }: GithubEnvironment): Secret {
  if (token !== null) return token
  const fault = { source: 'GITHUB_TOKEN', problem: 'is not set, so no comment can be posted' }
  throw new ConfigError([fault], HOW_TO_POST)
}

/** Checks the path of a file that Actions made for this step. */
export function describeBadPath(path: string): string | null {
  return describeBadLine(path) ?? (isAbsolute(path) ? null : 'is not an absolute path')
}

function faultsOf(source: string, value: string | undefined, check: Check): ConfigFault[] {
  const problem = value === undefined || value === '' ? 'is not set' : check(value)
  return problem === null ? [] : [{ source, problem }]
}

function matches(pattern: RegExp, what: string): Check {
  return (value) => (pattern.test(value) ? null : `is not ${what}`)
}

function describeBadUrl(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || describeBadLine(value) !== null) return 'is not a URL'
  const { protocol, hostname, username, password, search, hash } = url
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) return 'must be https://'
  const extra = [username, password, search, hash].some((part) => part !== '')
  return extra ? 'must be a plain address, without user, query or fragment' : null
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '')
}
