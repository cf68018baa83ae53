import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createClient } from '../../src/github/client.ts'
import { readEnvironment, requireToken } from '../../src/github/environment.ts'
import { findPullRequest, type PullRequest } from '../../src/github/pull-request.ts'
import { failureOf } from '../support/failures.ts'
import type { FakePullRequest } from '../support/fake-github.ts'
import { SHA, startStep, type Step, TIMING, workflowRun } from './actions.ts'

function find({ env }: Step): Promise<PullRequest> {
  const environment = readEnvironment(env)
  const { apiUrl } = environment
  return findPullRequest(environment, () =>
    createClient({ apiUrl, token: requireToken(environment), ...TIMING }),
  )
}

const OPEN: FakePullRequest = {
  number: 9,
  state: 'open',
  head: 'fork:add-runway',
  repository: 'fork/gateway',
  sha: SHA,
}

for (const name of ['pull_request', 'pull_request_target']) {
  test(`${name} says its number in the event`, async () => {
    await using step = await startStep()
    await step.setEvent(name, {
      action: 'opened',
      pull_request: { number: 7, title: '$(x)', head: { sha: SHA } },
    })
    assert.deepEqual(await find(step), { number: 7, commit: SHA })
    assert.deepEqual(step.github.requests, [])
  })
}

for (const name of ['push', 'schedule', 'workflow_dispatch']) {
  test(`${name} has none, and says so`, async () => {
    await using step = await startStep()
    await step.setEvent(name, {})
    const note = `a run for ${name} has no pull request, so no comment is posted`
    assert.deepEqual(await find(step), { number: null, note })
  })
}

const OTHERS: readonly [string, readonly Partial<FakePullRequest>[], PullRequest][] = [
  ['the one of the fork', [{}], { number: 9, commit: SHA }],
  [
    'one of the same branch in another repository of the owner',
    [{ number: 3, repository: 'fork/other' }, {}],
    { number: 9, commit: SHA },
  ],
  [
    'one whose repository is gone',
    [{ number: 3, repository: null }, {}],
    { number: 9, commit: SHA },
  ],
  [
    'a closed one',
    [{ state: 'closed' }],
    { number: null, note: 'no open pull request has this branch' },
  ],
  [
    'one that was pushed to since',
    [{ sha: 'b'.repeat(40) }],
    { number: null, note: 'a newer push is there' },
  ],
  [
    'two of the same commit',
    [{}, { number: 10 }],
    { number: null, note: 'several open pull requests have this commit' },
  ],
  [
    'one of another owner',
    [{ head: 'other:add-runway', repository: 'other/gateway' }],
    { number: null, note: 'no open pull request has this branch' },
  ],
]

for (const [name, pullRequests, expected] of OTHERS) {
  test(`workflow_run, with ${name}`, async () => {
    await using step = await startStep()
    step.github.pullRequests.push(...pullRequests.map((one) => ({ ...OPEN, ...one })))
    await step.setEvent('workflow_run', workflowRun())
    assert.deepEqual(await find(step), expected)
  })
}

test('a branch name is data in the question', async () => {
  await using step = await startStep()
  const branch = 'a&state=all#?%2f../x'
  step.github.pullRequests.push({ ...OPEN, head: `fork:${branch}` })
  await step.setEvent('workflow_run', workflowRun({ head_branch: branch }))
  assert.deepEqual(await find(step), { number: 9, commit: SHA })
})

const WITHOUT: readonly [string, Record<string, unknown>, string][] = [
  ['for a push', { event: 'push' }, 'the run was not for a pull request'],
  ['of a deleted fork', { head_repository: null }, 'the branch of the pull request is gone'],
  ['of no branch', { head_branch: null }, 'the branch of the pull request is gone'],
]

for (const [name, values, note] of WITHOUT) {
  test(`a workflow_run ${name} has none`, async () => {
    await using step = await startStep()
    await step.setEvent('workflow_run', workflowRun(values))
    assert.deepEqual(await find(step), { number: null, note })
    assert.deepEqual(step.github.requests, [])
  })
}

function event(number: unknown, sha = SHA): string {
  return JSON.stringify({ pull_request: { number, head: { sha } } })
}

const BAD_EVENTS: readonly [string, (path: string) => Promise<unknown>, RegExp][] = [
  ['no JSON', (path) => writeFile(path, '{'), /does not hold JSON/],
  ['another event', (path) => writeFile(path, '{"issue":{}}'), /is not the event/],
  ['a number that is none', (path) => writeFile(path, event('7/../8')), /is not the event/],
  ['a negative number', (path) => writeFile(path, event(-7)), /is not the event/],
  ['a commit that is none', (path) => writeFile(path, event(7, 'main')), /is not the event/],
  ['too much', (path) => writeFile(path, ' '.repeat(1024 * 1024 + 1)), /larger than 1 MiB/],
]

for (const [name, write, problem] of BAD_EVENTS) {
  test(`an event file with ${name} is refused`, async () => {
    await using step = await startStep()
    await write(step.env['GITHUB_EVENT_PATH']!)
    const error = await failureOf(find(step))
    assert.equal(error.code, 'config')
    assert.match(error.message, problem)
  })
}

test('an event file that is not there or is a folder is refused', async () => {
  await using step = await startStep()
  const path = `${step.folder}/other`
  step.env['GITHUB_EVENT_PATH'] = path
  assert.match((await failureOf(find(step))).message, /cannot be read \(ENOENT\)/)
  await mkdir(path)
  assert.match((await failureOf(find(step))).message, /is not a file/)
})
