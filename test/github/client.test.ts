import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { type Call, createClient, type GithubClient } from '../../src/github/client.ts'
import { postComment } from '../../src/github/comment.ts'
import { GithubError } from '../../src/github/failure.ts'
import { Secret } from '../../src/secret.ts'
import { everythingOf, failureOf } from '../support/failures.ts'
import { type FakeGithub, type Fault, startFakeGithub } from '../support/fake-github.ts'
import { MARKER, TIMING, TOKEN } from './actions.ts'

const LIST: Call<object> = {
  route: 'GET /repos/{owner}/{repo}/issues/{number}/comments',
  parameters: { owner: 'acme', repo: 'gateway', number: 7 },
  shape: z.object({ id: z.number(), body: z.string() }),
  action: 'list',
}

const BODY = `${MARKER}\nDrift: 3 rows`

function connect({ url }: FakeGithub, timing = TIMING): Promise<GithubClient> {
  return createClient({ apiUrl: url, token: new Secret(TOKEN), ...timing })
}

async function post(github: FakeGithub): Promise<string> {
  const client = await connect(github)
  const repository = { owner: 'acme', name: 'gateway' }
  const common = { client, repository, number: 7, marker: MARKER }
  const { outcome } = await postComment({ ...common, body: BODY, isClean: false })
  return outcome
}

async function githubFailureOf(attempt: Promise<unknown>): Promise<GithubError> {
  const error = await failureOf(attempt)
  assert.ok(error instanceof GithubError)
  assert.doesNotMatch(everythingOf(error), /ghs_test|Problems with/)
  return error
}

const FAILURES: readonly [string, Fault, number | null, RegExp, RegExp, number][] = [
  ['401', { status: 401 }, 401, /token is not accepted \(status 401\)/, /github\.token/, 1],
  ['403', { status: 403 }, 403, /may not do this/, /permissions: pull-requests: write/, 1],
  ['404', { status: 404 }, 404, /not there/, /permissions/, 1],
  ['410', { status: 410 }, 410, /closed to comments/, /unlock/, 1],
  ['418', { status: 418 }, 418, /GitHub refused/, /run the job again/, 4],
  ['502', { status: 502 }, 502, /GitHub failed/, /githubstatus/, 4],
  [
    'a spent rate limit',
    { status: 403, headers: { 'x-ratelimit-remaining': '0' } },
    403,
    /too many requests/,
    /again later/,
    1,
  ],
  [
    'a wait of an hour',
    { status: 429, headers: { 'retry-after': '3600' } },
    429,
    /too many requests/,
    /in 3600 s/,
    1,
  ],
  ['a cut connection', { cut: 'before' }, null, /no connection/, /githubstatus/, 4],
  ['a cut answer', { cut: 'in the answer' }, null, /no connection/, /githubstatus/, 4],
  ['half a document', json('[{"id":1'), null, /not one of the API/, /GITHUB_API_URL/, 4],
  ['an empty document', json(''), null, /not one of the API/, /GITHUB_API_URL/, 4],
  ['null', json('null'), null, /not one of the API/, /GITHUB_API_URL/, 4],
  ['a list of other things', json('[{"id":"x"}]'), null, /not one of the API/, /GITHUB_API/, 1],
  [
    'the page of a proxy',
    { status: 200, type: 'text/html', text: '<html>Log in</html>' },
    null,
    /not one of the API/,
    /between the runner and GitHub/,
    4,
  ],
  [
    'a redirect',
    { status: 301, headers: { location: 'http://127.0.0.1:1/' } },
    null,
    /not one of the API/,
    /GITHUB_API_URL/,
    4,
  ],
]

function json(text: string): Fault {
  return { status: 200, type: 'application/json', text }
}

for (const [name, fault, status, message, nextStep, requests] of FAILURES) {
  test(`${name} is an error, never an empty list`, async () => {
    await using github = await startFakeGithub()
    github.faults.push({ on: 'GET', fault })
    const error = await githubFailureOf((await connect(github)).list(LIST))
    assert.match(error.message, /^GitHub: cannot list: /)
    assert.match(error.message, message)
    assert.match(error.nextStep ?? '', nextStep)
    assert.deepEqual(error.details, { status })
    assert.equal(github.requests.length, requests)
  })
}

test('a silent server is given up', async () => {
  await using github = await startFakeGithub()
  github.faults.push({ on: 'GET', fault: { hang: true } })
  const client = await connect(github, { timeoutMs: 50, retryDelayMs: 1 })
  assert.match((await githubFailureOf(client.list(LIST))).message, /no answer in time/)
})

test('the second page counts as much as the first', async () => {
  await using github = await startFakeGithub()
  for (let i = 0; i < 150; i += 1) github.addComment(`comment ${i}`)
  const second = 'GET /repos/acme/gateway/issues/7/comments?per_page=100&page=2'
  github.faults.push({ on: second, times: 1, fault: { cut: 'in the answer' } })
  const found = await (await connect(github)).list(LIST)
  assert.equal(found.length, 150)
  github.faults.push({ on: second, fault: json('') })
  await githubFailureOf((await connect(github)).list(LIST))
})

test('the token goes to no other host', async () => {
  await using github = await startFakeGithub()
  await using other = await startFakeGithub()
  for (let i = 0; i < 150; i += 1) github.addComment(`comment ${i}`)
  github.linkHost = other.url
  const error = await githubFailureOf((await connect(github)).list(LIST))
  assert.match(error.message, /not one of the API/)
  assert.deepEqual(other.requests, [])
})

test('a wait that GitHub asks for is kept', async () => {
  await using github = await startFakeGithub()
  const fault = { status: 429, headers: { 'retry-after': '1' } }
  github.faults.push({ on: 'POST /repos', times: 1, fault })
  const started = performance.now()
  assert.equal(await post(github), 'created')
  assert.ok(performance.now() - started >= 1_000)
  assert.deepEqual([github.writes.length, github.comments.length], [2, 1])
})

const LOST: readonly [string, Fault, number][] = [
  ['502 twice', { status: 502 }, 3],
  ['a cut connection twice', { cut: 'before' }, 3],
  ['an answer that was cut off', { cut: 'after' }, 1],
]

for (const [name, fault, attempts] of LOST) {
  test(`${name} makes one comment`, async () => {
    await using github = await startFakeGithub()
    github.faults.push({ on: 'POST /repos', times: 2, fault })
    assert.equal(await post(github), 'created')
    assert.deepEqual([github.writes.length, github.comments.length], [attempts, 1])
  })
}

test('a comment that cannot be made is given up', async () => {
  await using github = await startFakeGithub()
  github.faults.push({ on: 'POST /repos', fault: { status: 500 } })
  const error = await githubFailureOf(post(github))
  assert.match(error.message, /cannot comment on pull request 7 of acme\/gateway/)
  assert.equal(github.writes.length, 3)
})

test('an update that failed is repeated', async () => {
  await using github = await startFakeGithub()
  github.addComment(`${MARKER} old`)
  github.faults.push({ on: 'PATCH', times: 2, fault: { status: 502 } })
  assert.equal(await post(github), 'updated')
  assert.equal(github.comments[0]?.body, BODY)
})

test('a text that GitHub finds too long says how to shorten it', async () => {
  await using github = await startFakeGithub()
  const route = 'POST /repos/{owner}/{repo}/issues/{number}/comments'
  const parameters = { ...LIST.parameters, body: 'x'.repeat(65_537) }
  const client = await connect(github)
  const error = await githubFailureOf(client.requestOnce({ ...LIST, route, parameters }))
  assert.match(error.message, /too long \(status 422\)/)
  assert.match(error.nextStep ?? '', /--max-findings/)
})

test('nothing is posted when nobody knows whose token it is', async () => {
  await using github = await startFakeGithub()
  github.faults.push({ on: 'POST /graphql', fault: json('{"errors":[{"message":"x"}]}') })
  await githubFailureOf(post(github))
  assert.deepEqual(github.writes, [])
})

test('the token is in the header and nowhere else', async () => {
  await using github = await startFakeGithub()
  assert.equal(await post(github), 'created')
  for (const { url, body, authorization } of github.requests) {
    assert.match(authorization, new RegExp(`^token ${TOKEN}$`))
    assert.doesNotMatch(url + JSON.stringify(body), new RegExp(TOKEN))
  }
})
