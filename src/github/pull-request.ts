import { readFile, stat } from 'node:fs/promises'
import { z, type ZodType } from 'zod'
import { fileErrorCode } from '../config/file-error.ts'
import { ConfigError } from '../errors.ts'
import type { GithubClient } from './client.ts'
import type { GithubEnvironment, Repository } from './environment.ts'

/** The pull request that a run belongs to, or why there is none, as one sentence. */
export type PullRequest =
  | {
      readonly number: number
      /** The newest commit of its branch. */
      readonly commit: string
    }
  | { readonly number: null; readonly note: string }

const LARGEST_EVENT_BYTES = 1024 * 1024

const COMMIT = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)

const PULL_REQUEST_EVENT = z.object({
  pull_request: z.object({ number: z.int().positive(), head: z.object({ sha: COMMIT }) }),
})

const WORKFLOW_RUN_EVENT = z.object({
  workflow_run: z.object({
    event: z.string(),
    head_branch: z.string().min(1).nullable(),
    head_sha: COMMIT,
    head_repository: z
      .object({ full_name: z.string(), owner: z.object({ login: z.string().min(1) }) })
      .nullable(),
  }),
})

const OPEN_PULL_REQUEST = z.object({
  number: z.int().positive(),
  head: z.object({
    sha: z.string(),
    repo: z.object({ full_name: z.string() }).nullable(),
  }),
})

/**
 * Finds the pull request of the run. `client` is called only where the API must be asked.
 * @throws ConfigError when the event cannot be read; GithubError.
 */
export async function findPullRequest(
  environment: GithubEnvironment,
  client: () => Promise<GithubClient>,
): Promise<PullRequest> {
  const { eventName, eventPath } = environment
  if (eventName === 'pull_request' || eventName === 'pull_request_target') {
    const { pull_request } = await readEvent(eventPath, PULL_REQUEST_EVENT)
    return { number: pull_request.number, commit: pull_request.head.sha }
  }
  if (eventName === 'workflow_run') return findOfRun(environment, client)
  return none(`a run for ${eventName} has no pull request, so no comment is posted`)
}

/**
 * The run that is reported on may have been made by a fork, which decides what its artifacts say.
 * Head repository, branch and commit come from GitHub itself. Asking for the pull requests of the
 * commit would not do: GitHub knows those of a fork only by their branch.
 */
async function findOfRun(
  { repository, eventPath }: GithubEnvironment,
  client: () => Promise<GithubClient>,
): Promise<PullRequest> {
  const { workflow_run: run } = await readEvent(eventPath, WORKFLOW_RUN_EVENT)
  const { head_repository: head, head_branch: branch } = run
  if (run.event !== 'pull_request') return none('the run was not for a pull request')
  if (head === null || branch === null) return none('the branch of the pull request is gone')
  const open = await listOpen(await client(), repository, `${head.owner.login}:${branch}`)
  const own = open.filter((one) => one.head.repo?.full_name === head.full_name)
  const [found, ...others] = own.filter((one) => one.head.sha === run.head_sha)
  if (found === undefined) {
    return none(own.length === 0 ? 'no open pull request has this branch' : 'a newer push is there')
  }
  return others.length === 0
    ? { number: found.number, commit: run.head_sha }
    : none('several open pull requests have this commit')
}

function listOpen(
  client: GithubClient,
  { owner, name }: Repository,
  head: string,
): Promise<z.infer<typeof OPEN_PULL_REQUEST>[]> {
  return client.list({
    route: 'GET /repos/{owner}/{repo}/pulls',
    parameters: { owner, repo: name, state: 'open', head },
    shape: OPEN_PULL_REQUEST,
    action: `list the pull requests of ${owner}/${name}`,
  })
}

function none(note: string): PullRequest {
  return { number: null, note }
}

async function readEvent<T>(path: string, shape: ZodType<T>): Promise<T> {
  const text = await readEventFile(path)
  const result = shape.safeParse(parse(text))
  if (!result.success) throw badEvent('is not the event that GITHUB_EVENT_NAME says')
  return result.data
}

async function readEventFile(path: string): Promise<string> {
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw badEvent('is not a file')
    if (stats.size > LARGEST_EVENT_BYTES) throw badEvent('is larger than 1 MiB')
    return await readFile(path, 'utf8')
  } catch (error) {
    throw error instanceof ConfigError
      ? error
      : badEvent(`cannot be read (${fileErrorCode(error)})`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badEvent('does not hold JSON')
  }
}

function badEvent(problem: string): ConfigError {
  const fault = { source: 'GITHUB_EVENT_PATH', problem: `the file ${problem}` }
  return new ConfigError([fault], 'use --github in a step of GitHub Actions only')
}
