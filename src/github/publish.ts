import type { DriftReport } from '../diff/drift-report.ts'
import { type ClientOptions, createClient, type GithubClient } from './client.ts'
import { COMMENT_LIMIT, postComment } from './comment.ts'
import {
  type GithubEnvironment,
  readEnvironment,
  requireToken,
  type Variables,
} from './environment.ts'
import { findPullRequest } from './pull-request.ts'
import { appendSummary } from './summary.ts'

export interface PublishRequest {
  readonly env: Variables
  readonly report: DriftReport
  readonly render: {
    /** Markdown of at most so many UTF-16 code units, which starts with the marker. */
    readonly comment: (characters: number, run: RunFacts) => string
    /** Markdown of at most so many bytes. */
    readonly summary: (bytes: number) => string
    /** Hidden text that tells the comment from others: `<!-- tidegate:drift:production -->`. */
    readonly marker: string
  }
  readonly timing?: Pick<ClientOptions, 'timeoutMs' | 'retryDelayMs'>
}

/** What a comment may say of the run that posted it. */
export interface RunFacts {
  /** Its page, where the artifacts are. */
  readonly runUrl: string
  readonly commit: string
}

export interface Publication {
  readonly comment: 'created' | 'updated' | 'unchanged' | 'none'
  /** Of the pull request; null when the run has none. */
  readonly number: number | null
  /** Page of the comment; null when there is none. */
  readonly url: string | null
  /** Whether the summary of the job was written. */
  readonly summary: boolean
  /** What was not done, and why, as sentences. */
  readonly notes: readonly string[]
}

const DUPLICATES = 'another comment of ours was there; it now points to the first one'

/**
 * Shows a report where GitHub shows it: first in the summary of the job, which needs no token, then
 * in the pull request. A failure of the summary is a note; one of the comment is thrown, when the
 * summary is already there. To be called after the report was printed.
 * @throws ConfigError for variables that are missing; GithubError.
 */
export async function publishDrift(request: PublishRequest): Promise<Publication> {
  const { env, render } = request
  const problem = await appendSummary(env, render.summary)
  const notes = problem === null ? [] : [`the job summary was not written: ${problem}`]
  const posted = await publishComment(request, readEnvironment(env))
  return { ...posted, summary: problem === null, notes: [...notes, ...posted.notes] }
}

async function publishComment(
  { report, render, timing = {} }: PublishRequest,
  environment: GithubEnvironment,
): Promise<Omit<Publication, 'summary'>> {
  const { apiUrl, repository, runUrl } = environment
  const connect = (): Promise<GithubClient> =>
    createClient({ apiUrl, token: requireToken(environment), ...timing })
  const found = await findPullRequest(environment, connect)
  const { number } = found
  if (number === null) return { comment: 'none', number, url: null, notes: [found.note] }
  const { outcome, url, duplicates } = await postComment({
    client: await connect(),
    repository,
    number,
    marker: render.marker,
    body: render.comment(COMMENT_LIMIT, { runUrl, commit: found.commit }),
    isClean: report.verdict.status === 'clean',
  })
  const notes = duplicates === 0 ? [] : [DUPLICATES]
  return { comment: outcome, number, url, notes }
}
