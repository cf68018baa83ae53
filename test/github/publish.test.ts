import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Publication, publishDrift, type PublishRequest } from '../../src/github/publish.ts'
import { driftReport } from '../support/drift-report.ts'
import { everythingOf, failureOf } from '../support/failures.ts'
import { MARKER, SHA, startStep, type Step, TIMING, TOKEN, workflowRun } from './actions.ts'

const RENDER: PublishRequest['render'] = {
  comment: (_, { runUrl, commit }) => `${MARKER}\nDrift: 1 row, ${commit} at ${runUrl}`,
  summary: () => '# Drift',
  marker: MARKER,
}

function publish({ env }: Step, report = driftReport(), render = RENDER): Promise<Publication> {
  return publishDrift({ env, report, render, timing: TIMING })
}

test('a pull request gets a summary and a comment', async () => {
  await using step = await startStep()
  const first = await publish(step)
  const [comment] = step.github.comments
  assert.deepEqual(first, {
    comment: 'created',
    number: 7,
    url: `${step.github.url}/acme/gateway/pull/7#issuecomment-${comment?.id}`,
    summary: true,
    notes: [],
  })
  const run = 'https://github.example/acme/gateway/actions/runs/42'
  assert.equal(comment?.body, `${MARKER}\nDrift: 1 row, ${SHA} at ${run}`)
  assert.equal(await step.summary(), '\n# Drift\n')
  assert.equal((await publish(step)).comment, 'unchanged')
})

test('a clean report posts nothing, and then says so where drift was', async () => {
  await using step = await startStep()
  const clean = driftReport([])
  assert.equal(clean.verdict.status, 'clean')
  const quiet = await publish(step, clean)
  assert.deepEqual([quiet.comment, quiet.url, quiet.summary], ['none', null, true])
  await publish(step)
  assert.equal(
    (await publish(step, clean, { ...RENDER, comment: () => `${MARKER}\nClean` })).comment,
    'updated',
  )
  assert.equal(step.github.comments[0]?.body, `${MARKER}\nClean`)
})

test('an incomplete comparison is posted, though nothing was found', async () => {
  await using step = await startStep()
  const { verdict } = driftReport([])
  const report = driftReport([], { verdict: { ...verdict, status: 'incomplete' } })
  assert.equal((await publish(step, report)).comment, 'created')
})

test('a run for a push has a summary only, and needs no token', async () => {
  await using step = await startStep()
  await step.setEvent('push', {})
  step.env['GITHUB_TOKEN'] = undefined
  const { notes, ...rest } = await publish(step)
  assert.deepEqual(rest, { comment: 'none', number: null, url: null, summary: true })
  assert.match(notes.join(), /no pull request/)
  assert.deepEqual(step.github.requests, [])
})

test('the report of a fork is posted by a run on the base branch', async () => {
  await using step = await startStep()
  await step.setEvent('workflow_run', workflowRun())
  const repository = 'fork/gateway'
  const head = 'fork:add-runway'
  step.github.pullRequests.push({ number: 7, state: 'open', head, repository, sha: SHA })
  const { comment, number } = await publish(step)
  assert.deepEqual([comment, number], ['created', 7])
})

test('the renderer gets the room that is there', async () => {
  await using step = await startStep()
  const room: number[] = []
  const fill = (size: number): string => {
    room.push(size)
    return MARKER.padEnd(size, 'x')
  }
  await publish(step, driftReport(), { ...RENDER, comment: fill, summary: fill })
  assert.equal(step.github.comments[0]?.body.length, 60_000)
  assert.deepEqual(room, [1_000 * 1_024 - 2, 60_000])
})

const BROKEN: readonly [string, (step: Step) => void, RegExp][] = [
  [
    'GitHub refuses',
    (step) => step.github.faults.push({ on: 'POST /repos', fault: { status: 403 } }),
    /status 403/,
  ],
  ['there is no token', (step) => (step.env['GITHUB_TOKEN'] = ''), /GITHUB_TOKEN: is not set/],
  ['a variable is bad', (step) => (step.env['GITHUB_RUN_ID'] = 'x'), /GITHUB_RUN_ID/],
  ['the event is not there', (step) => (step.env['GITHUB_EVENT_PATH'] = '/none'), /ENOENT/],
]

for (const [name, breakIt, message] of BROKEN) {
  test(`when ${name}, the summary is there before the error`, async () => {
    await using step = await startStep()
    breakIt(step)
    const error = await failureOf(publish(step))
    assert.match(error.message, message)
    assert.doesNotMatch(everythingOf(error), new RegExp(TOKEN))
    assert.equal(await step.summary(), '\n# Drift\n')
  })
}

test('a summary that cannot be written is a note, and the comment is posted', async () => {
  await using step = await startStep()
  step.env['GITHUB_STEP_SUMMARY'] = step.folder
  const { comment, summary, notes } = await publish(step)
  assert.deepEqual([comment, summary], ['created', false])
  assert.deepEqual(notes, ['the job summary was not written: GITHUB_STEP_SUMMARY is not a file'])
})

test('a second comment of ours is mentioned', async () => {
  await using step = await startStep()
  step.github.addComment(`${MARKER} a`)
  step.github.addComment(`${MARKER} b`)
  assert.match((await publish(step)).notes.join(), /another comment of ours/)
})
