import type { Octokit } from '@octokit/core'
import type { PaginateInterface } from '@octokit/plugin-paginate-rest'
import { secondsToWait, UnreadableAnswer } from './failure.ts'
import type { Secret } from '../secret.ts'

export interface OctokitSettings {
  readonly apiUrl: string
  readonly token: Secret
  readonly timeoutMs: number
  readonly retryDelayMs: number
}

const RETRIES = 3

/** A longer wait is for people to decide. */
const LONGEST_WAIT_SECONDS = 60

/** What the retry plugin leaves alone by itself, and 429, for which GitHub says how long to wait. */
const NOT_RETRIED = [400, 401, 403, 404, 410, 422, 429, 451]

const QUIET = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/** GitHub's own library, loaded here, with our rules for time, repetition and answers. */
export async function createOctokit(
  settings: OctokitSettings,
): Promise<Octokit & { readonly paginate: PaginateInterface }> {
  const [core, { paginateRest }, { retry }] = await Promise.all([
    import('@octokit/core'),
    import('@octokit/plugin-paginate-rest'),
    import('@octokit/plugin-retry'),
  ])
  const { apiUrl, token, retryDelayMs } = settings
  const waiting = (octokit: Octokit): void => waitAsAsked(octokit, retryDelayMs)
  // The order matters: the innermost hook sees a failure first, and `retry` acts on what it noted.
  return new (core.Octokit.plugin(waiting, retry, paginateRest))({
    baseUrl: apiUrl,
    auth: token.reveal(),
    userAgent: 'tidegate',
    log: QUIET,
    request: { log: QUIET, fetch: strictFetch(settings) },
    retry: { doNotRetry: NOT_RETRIED, retries: RETRIES, retryAfterBaseValue: retryDelayMs },
  })
}

function waitAsAsked(octokit: Octokit, unitMs: number): void {
  octokit.hook.error('request', (error) => {
    const seconds = secondsToWait(error)
    if (seconds !== null && seconds <= LONGEST_WAIT_SECONDS && 'request' in error) {
      const retryAfter = Math.ceil((seconds * 1_000) / unitMs)
      error.request.request = { ...error.request.request, retries: RETRIES, retryAfter }
    }
    throw error
  })
}

/**
 * Reads the whole answer before anybody looks at it: the library takes a page that was cut off for
 * an empty one, and would then post a second comment. The token goes to one host only, whatever a
 * `Link` header or a redirect names.
 */
function strictFetch({ apiUrl, timeoutMs }: OctokitSettings) {
  const { origin } = new URL(apiUrl)
  return async (url: string, init?: RequestInit): Promise<Response> => {
    if (new URL(url).origin !== origin) throw new UnreadableAnswer('another host')
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { ...init, redirect: 'manual', signal })
    const text = await response.text()
    const { status, headers } = response
    if (status < 400 && (!response.ok || !isDocument(text))) throw new UnreadableAnswer('no JSON')
    return new Response(text, { status, headers })
  }
}

function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

function ignore(): void {}
