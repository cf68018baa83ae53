import { z } from 'zod'
import { TidegateError } from '../errors.ts'
import type { GithubClient } from './client.ts'
import type { Repository } from './environment.ts'
import { GithubError } from './failure.ts'

/** UTF-16 code units; GitHub takes 65,536 characters, and keeps some for itself. */
export const COMMENT_LIMIT = 60_000

export interface CommentRequest {
  readonly client: GithubClient
  readonly repository: Repository
  /** Of the pull request. */
  readonly number: number
  /** Hidden text that the comment starts with: `<!-- tidegate:drift:production -->`. */
  readonly marker: string
  /** Markdown of the comment, marker included. */
  readonly body: string
  /** Whether there is nothing to report, which is only said where something was reported before. */
  readonly isClean: boolean
}

export interface PostedComment {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'none'
  readonly url: string | null
  /** Further comments of ours that now only point to this one. */
  readonly duplicates: number
}

const COMMENT = z.object({
  id: z.int().positive(),
  body: z.string().nullish(),
  html_url: z.url({ protocol: /^https?$/ }),
  user: z.object({ login: z.string() }).nullable(),
})

type Comment = z.infer<typeof COMMENT>

const ATTEMPTS = 3

/** One hidden line, whatever the name of an environment or a file puts into it. */
const MARKER = /^<!-- [^<>\p{Cc}\u2028\u2029]+ -->$/u

/**
 * Keeps one comment on a pull request: the oldest one that starts with the marker and was written
 * by whoever owns the token. Where two runs raced and made two, the newer one becomes a pointer to
 * the older; nothing is ever deleted.
 * @throws GithubError
 */
export async function postComment(request: CommentRequest): Promise<PostedComment> {
  const { marker, body, isClean } = request
  if (!MARKER.test(marker) || !body.startsWith(marker)) {
    throw new TidegateError('internal', 'the comment does not start with a marker')
  }
  if (body.length > COMMENT_LIMIT) throw tooLong(body)
  const [sticky, ...duplicates] = await findOwn(request)
  if (sticky === undefined) {
    return isClean ? { outcome: 'none', url: null, duplicates: 0 } : create(request)
  }
  const isUpdated = await write(request, sticky, body)
  for (const duplicate of duplicates) await write(request, duplicate, pointer(request, sticky))
  const outcome = isUpdated ? 'updated' : 'unchanged'
  return { outcome, url: sticky.html_url, duplicates: duplicates.length }
}

/** Oldest first. Anybody can write the marker, so the author counts too. */
async function findOwn(request: CommentRequest): Promise<Comment[]> {
  const { client, repository, number, marker } = request
  const [viewer, comments] = await Promise.all([
    client.viewer(),
    client.list({
      route: 'GET /repos/{owner}/{repo}/issues/{number}/comments',
      parameters: { owner: repository.owner, repo: repository.name, number },
      shape: COMMENT,
      action: `list the comments of ${describe(request)}`,
    }),
  ])
  return comments
    .filter(({ body, user }) => user?.login === viewer && body?.startsWith(marker) === true)
    .toSorted((a, b) => a.id - b.id)
}

/**
 * An answer that got lost says nothing about the comment, so the list is read again before a
 * second attempt.
 */
async function create(request: CommentRequest, attempt = 1): Promise<PostedComment> {
  const { client } = request
  try {
    return created(await add(request))
  } catch (error) {
    const isUncertain = error instanceof GithubError && error.isUncertain
    if (!isUncertain || attempt === ATTEMPTS) throw error
  }
  await client.pause(attempt)
  const [made] = await findOwn(request)
  return made === undefined ? create(request, attempt + 1) : created(made)
}

function created({ html_url: url }: Comment): PostedComment {
  return { outcome: 'created', url, duplicates: 0 }
}

function add(request: CommentRequest): Promise<Comment> {
  const { client, repository, number, body } = request
  return client.requestOnce({
    route: 'POST /repos/{owner}/{repo}/issues/{number}/comments',
    parameters: { owner: repository.owner, repo: repository.name, number, body },
    shape: COMMENT,
    action: `comment on ${describe(request)}`,
  })
}

/** Whether there was something to write. */
async function write(request: CommentRequest, comment: Comment, body: string): Promise<boolean> {
  if (normalized(comment.body ?? '') === normalized(body)) return false
  const { client, repository } = request
  await client.request({
    route: 'PATCH /repos/{owner}/{repo}/issues/comments/{id}',
    parameters: { owner: repository.owner, repo: repository.name, id: comment.id, body },
    shape: COMMENT,
    action: `update the comment on ${describe(request)}`,
  })
  return true
}

/** Editing a comment in a browser changes its line breaks. */
function normalized(body: string): string {
  return body.replaceAll('\r\n', '\n').trimEnd()
}

function pointer({ marker }: CommentRequest, { html_url: url }: Comment): string {
  return `${marker}\nThe drift report is in [an earlier comment](${url}).`
}

function describe({ repository: { owner, name }, number }: CommentRequest): string {
  return `pull request ${number} of ${owner}/${name}`
}

function tooLong({ length }: string): TidegateError {
  const message = `the report has ${length} characters, more than the ${COMMENT_LIMIT} of a comment`
  return new TidegateError('github', message, { nextStep: 'list less with --max-findings' })
}
