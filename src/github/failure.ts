import { TidegateError } from '../errors.ts'

/** GitHub did not do what it was asked for. Never carries the token, nor text that GitHub wrote. */
export class GithubError extends TidegateError {
  /** HTTP status; null when there was no answer, or none that could be read. */
  readonly status: number | null

  constructor(message: string, status: number | null, nextStep: string) {
    super('github', message, { nextStep, details: { status } })
    this.status = status
  }

  /** Whether GitHub may have done it all the same. */
  get isUncertain(): boolean {
    return this.status === null || this.status >= 500
  }
}

/** An answer that is not what the API answers: a page of a proxy, half a document, a redirect. */
export class UnreadableAnswer extends Error {}

interface HttpFailure {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

interface Explanation {
  readonly reason: string
  readonly nextStep: string
}

const RUN_AGAIN = 'run the job again; https://www.githubstatus.com says whether GitHub is well'

const EXPLANATIONS: Readonly<Record<number, Explanation>> = {
  401: {
    reason: 'the token is not accepted',
    nextStep: 'give the step `GITHUB_TOKEN: ${{ github.token }}`; it ends with the job',
  },
  403: {
    reason: 'the token may not do this, or the conversation is locked',
    nextStep:
      'give the job `permissions: pull-requests: write`; a run for a fork or for Dependabot never has it',
  },
  404: {
    reason: 'it is not there, or the token may not see it',
    nextStep: 'give the job `permissions: pull-requests: write` in the repository of the run',
  },
  410: {
    reason: 'it was removed, or is closed to comments',
    nextStep: 'unlock the conversation of the pull request, and run the job again',
  },
  422: {
    reason: 'the text is refused, most likely as too long',
    nextStep: 'list less with --max-findings',
  },
}

/** `action` completes "cannot …". */
export function toGithubError(error: unknown, action: string): GithubError {
  const failure = httpFailureOf(error)
  const status = failure?.status ?? null
  const { reason, nextStep } = failure === null ? explainSilence(error) : explain(failure)
  const shown = status === null ? '' : ` (status ${status})`
  return new GithubError(`GitHub: cannot ${action}: ${reason}${shown}`, status, nextStep)
}

/** Seconds that a refused request asks to wait; null when it asks nothing. */
export function secondsToWait(error: unknown): number | null {
  const failure = httpFailureOf(error)
  return failure === null ? null : retryAfterOf(failure)
}

function retryAfterOf({ status, headers }: HttpFailure): number | null {
  const asked = headers['retry-after']
  if (status !== 429 && status !== 403) return null
  return asked !== undefined && /^\d{1,6}$/.test(String(asked)) ? Number(asked) : null
}

function httpFailureOf(error: unknown): HttpFailure | null {
  if (!(error instanceof Error && 'response' in error && 'status' in error)) return null
  const { headers } = (error.response ?? {}) as { headers?: HttpFailure['headers'] }
  return headers === undefined ? null : { status: Number(error.status), headers }
}

function explain(failure: HttpFailure): Explanation {
  const { status, headers } = failure
  const seconds = retryAfterOf(failure)
  if (status === 429 || seconds !== null || String(headers['x-ratelimit-remaining']) === '0') {
    const when = seconds === null ? 'later' : `in ${seconds} s`
    return { reason: 'too many requests', nextStep: `run the job again ${when}` }
  }
  const reason = status >= 500 ? 'GitHub failed' : 'GitHub refused'
  return EXPLANATIONS[status] ?? { reason, nextStep: RUN_AGAIN }
}

function explainSilence(error: unknown): Explanation {
  const isLost = error instanceof Error && error.name === 'HttpError'
  const cause = isLost ? error.cause : error
  if (isLost && !(cause instanceof UnreadableAnswer)) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    return { reason: isLate ? 'no answer in time' : 'no connection', nextStep: RUN_AGAIN }
  }
  const nextStep = 'check GITHUB_API_URL, and what stands between the runner and GitHub'
  return { reason: 'the answer is not one of the API', nextStep }
}
