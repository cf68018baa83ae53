import { setTimeout as sleep } from 'node:timers/promises'
import { z, type ZodType } from 'zod'
import type { Secret } from '../secret.ts'
import { toGithubError, UnreadableAnswer } from './failure.ts'
import { createOctokit } from './octokit.ts'

export interface ClientOptions {
  readonly apiUrl: string
  readonly token: Secret
  /** Milliseconds that one request may take; 15,000 when absent. */
  readonly timeoutMs?: number
  /** Milliseconds before the first repetition, the n-th waits n² times as long; 1,000 when absent. */
  readonly retryDelayMs?: number
}

export interface Call<T> {
  /** Method and path with placeholders: `GET /repos/{owner}/{repo}/pulls`. */
  readonly route: `${'GET' | 'PATCH' | 'POST'} /${string}`
  readonly parameters: Readonly<Record<string, string | number>>
  /** Of the answer; of one element where all pages are listed. */
  readonly shape: ZodType<T>
  /** What it is for, completing "cannot …". */
  readonly action: string
}

/** Every method fails with a GithubError. */
export interface GithubClient {
  /** Repeated when GitHub fails: for what may be done twice. */
  request<T>(call: Call<T>): Promise<T>
  /** Repeated only when GitHub refused it and asks to wait: for what must not be done twice. */
  requestOnce<T>(call: Call<T>): Promise<T>
  /** All pages. */
  list<T>(call: Call<T>): Promise<T[]>
  /** The login that the token acts as, such as `github-actions[bot]`. */
  viewer(): Promise<string>
  /** Waits as long as before the n-th repetition of a request. */
  pause(repetition: number): Promise<void>
}

const VIEWER = z.object({ viewer: z.object({ login: z.string().min(1) }) })

/** A client of GitHub's API. */
export async function createClient(options: ClientOptions): Promise<GithubClient> {
  const { timeoutMs = 15_000, retryDelayMs = 1_000 } = options
  const octokit = await createOctokit({ ...options, timeoutMs, retryDelayMs })
  const send = async <T>({ route, parameters, shape, action }: Call<T>, extra = {}): Promise<T> =>
    attempt(action, async () => {
      const { data } = await octokit.request(route, { ...parameters, ...extra })
      return check(shape, data)
    })
  return {
    request: (call) => send(call),
    requestOnce: (call) => send(call, { request: { retries: 0 } }),
    list: ({ route, parameters, shape, action }) =>
      attempt(action, async () => {
        const found = await octokit.paginate<unknown>(route, { ...parameters, per_page: 100 })
        return found.map((one) => check(shape, one))
      }),
    // GET /user refuses the token of Actions and those of GitHub Apps; GraphQL answers everyone.
    viewer: () =>
      attempt('ask whose token this is', async () => {
        const answer = check(VIEWER, await octokit.graphql('{ viewer { login } }'))
        return answer.viewer.login
      }),
    pause: (repetition) => sleep(retryDelayMs * repetition ** 2),
  }
}

async function attempt<T>(action: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw toGithubError(error, action)
  }
}

function check<T>(shape: ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value)
  if (!result.success) throw new UnreadableAnswer('not of the expected shape')
  return result.data
}
