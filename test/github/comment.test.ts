import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../../src/github/client.ts'
import { COMMENT_LIMIT, type PostedComment, postComment } from '../../src/github/comment.ts'
import { Secret } from '../../src/secret.ts'
import { failureOf } from '../support/failures.ts'
import { type FakeGithub, startFakeGithub } from '../support/fake-github.ts'
import { MARKER, TIMING, TOKEN } from './actions.ts'

const BODY = `${MARKER}\nDrift: 3 rows`
const CLEAN = `${MARKER}\nNo drift`
const CREATE = 'POST /repos/acme/gateway/issues/7/comments'

async function post(
  { url }: FakeGithub,
  values: { body?: string; isClean?: boolean; prefix?: string; marker?: string } = {},
): Promise<PostedComment> {
  const { body = BODY, isClean = false, prefix = '', marker = MARKER } = values
  const apiUrl = url + prefix
  const client = await createClient({ apiUrl, token: new Secret(TOKEN), ...TIMING })
  const repository = { owner: 'acme', name: 'gateway' }
  return postComment({ client, repository, number: 7, marker, body, isClean })
}

function update(id: number): string {
  return `PATCH /repos/acme/gateway/issues/comments/${id}`
}

test('a report is posted, updated in place, and not written again', async () => {
  await using github = await startFakeGithub()
  const first = await post(github)
  const [comment] = github.comments
  assert.deepEqual(first, {
    outcome: 'created',
    url: `${github.url}/acme/gateway/pull/7#issuecomment-${comment?.id}`,
    duplicates: 0,
  })
  assert.equal((await post(github)).outcome, 'unchanged')
  assert.deepEqual(github.writes, [CREATE])
  assert.equal((await post(github, { body: `${BODY} more` })).outcome, 'updated')
  assert.deepEqual(github.writes, [CREATE, update(comment!.id)])
  assert.deepEqual(
    github.comments.map(({ body }) => body),
    [`${BODY} more`],
  )
})

test('a clean report is not posted', async () => {
  await using github = await startFakeGithub()
  const posted = await post(github, { body: CLEAN, isClean: true })
  assert.deepEqual(posted, { outcome: 'none', url: null, duplicates: 0 })
  assert.deepEqual(github.writes, [])
})

test('a clean report replaces what was reported before', async () => {
  await using github = await startFakeGithub()
  const { id } = github.addComment(BODY)
  assert.equal((await post(github, { body: CLEAN, isClean: true })).outcome, 'updated')
  assert.deepEqual(github.writes, [update(id)])
  assert.equal(github.comments[0]?.body, CLEAN)
  assert.equal((await post(github, { body: CLEAN, isClean: true })).outcome, 'unchanged')
})

test('other line breaks and blanks at the end are no difference', async () => {
  await using github = await startFakeGithub()
  github.addComment(BODY.replace('\n', '\r\n'))
  assert.equal((await post(github, { body: `${BODY}\n` })).outcome, 'unchanged')
})

const NOT_OURS: readonly [string, string, string | null][] = [
  ['by somebody else, with our marker', BODY, 'mallory'],
  ['by a bot of a similar name', BODY, 'github-actions'],
  ['by an account that is gone', BODY, null],
  ['of ours, with the marker in the middle', `> ${BODY}`, 'github-actions[bot]'],
  ['of ours, with a space before the marker', ` ${BODY}`, 'github-actions[bot]'],
  [
    'of ours, about another environment',
    BODY.replace('production', 'production-eu'),
    'github-actions[bot]',
  ],
]

for (const [name, body, login] of NOT_OURS) {
  test(`a comment ${name} is left alone`, async () => {
    await using github = await startFakeGithub()
    github.addComment(body, login)
    assert.equal((await post(github)).outcome, 'created')
    assert.deepEqual(github.writes, [CREATE])
    assert.equal(github.comments[0]?.body, body)
  })
}

test('the author is whoever owns the token', async () => {
  await using github = await startFakeGithub()
  github.viewer = 'deploy-app[bot]'
  github.addComment(BODY, 'github-actions[bot]')
  const { id } = github.addComment(`${MARKER} old`)
  assert.equal((await post(github)).outcome, 'updated')
  assert.deepEqual(github.writes, [update(id)])
})

test('250 comments are read in three pages', async () => {
  await using github = await startFakeGithub()
  for (let i = 0; i < 249; i += 1) github.addComment(`comment ${i}`, 'alice')
  const { id } = github.addComment(`${MARKER} old`)
  assert.equal((await post(github)).outcome, 'updated')
  assert.deepEqual(github.writes, [update(id)])
  const lists = github.requests.filter(({ url }) => /issues\/7\/comments\?/.test(url))
  assert.equal(lists.length, 3)
})

test('of two that raced the older one stays and the newer one points to it', async () => {
  await using github = await startFakeGithub()
  const older = github.addComment(`${MARKER} a`)
  const newer = github.addComment(`${MARKER} b`)
  const posted = await post(github)
  assert.deepEqual([posted.outcome, posted.duplicates], ['updated', 1])
  assert.equal(older.body, BODY)
  assert.equal(newer.body, `${MARKER}\nThe drift report is in [an earlier comment](${posted.url}).`)
  assert.equal((await post(github)).outcome, 'unchanged')
  assert.equal(github.writes.length, 2)
})

test('GitHub Enterprise has another path for GraphQL', async () => {
  await using github = await startFakeGithub()
  assert.equal((await post(github, { prefix: '/api/v3' })).outcome, 'created')
  const paths = new Set(github.requests.map(({ url }) => url.split('?')[0]))
  const comments = '/api/v3/repos/acme/gateway/issues/7/comments'
  assert.deepEqual(paths, new Set(['/api/graphql', comments]))
})

test('a body at the limit is taken, one above it is not sent', async () => {
  await using github = await startFakeGithub()
  const body = BODY.padEnd(COMMENT_LIMIT, '渠')
  assert.equal((await post(github, { body })).outcome, 'created')
  const error = await failureOf(post(github, { body: `${body}渠` }))
  assert.match(error.message, /60001 characters/)
  assert.match(error.nextStep ?? '', /--max-findings/)
  assert.equal(github.writes.length, 1)
})

test('a body without the marker would never be found again', async () => {
  await using github = await startFakeGithub()
  assert.equal((await failureOf(post(github, { body: 'Drift' }))).code, 'internal')
  assert.deepEqual(github.requests, [])
})

for (const marker of ['', '<!-- a', '<!-- a --> @all -->', '<!-- a\n -->', '# a -->']) {
  test(`${JSON.stringify(marker)} is no marker`, async () => {
    await using github = await startFakeGithub()
    assert.equal(
      (await failureOf(post(github, { marker, body: `${marker}\nDrift` }))).code,
      'internal',
    )
    assert.deepEqual(github.requests, [])
  })
}
