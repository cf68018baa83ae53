import assert from 'node:assert/strict'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { appendSummary } from '../../src/github/summary.ts'
import { startStep } from './actions.ts'

const LIMIT = 1_000 * 1_024

test('Markdown goes behind what is there', async () => {
  await using step = await startStep()
  await writeFile(step.env['GITHUB_STEP_SUMMARY']!, 'earlier')
  assert.equal(await appendSummary(step.env, () => '# 渠道'), null)
  assert.equal(await step.summary(), 'earlier\n# 渠道\n')
})

for (const used of [0, 500_000]) {
  test(`with ${used} bytes there, the report fills the rest and no more`, async () => {
    await using step = await startStep()
    const path = step.env['GITHUB_STEP_SUMMARY']!
    await writeFile(path, '.'.repeat(used))
    assert.equal(await appendSummary(step.env, (bytes) => 'x'.repeat(bytes)), null)
    assert.equal((await stat(path)).size, LIMIT)
    const problem = await appendSummary(step.env, () => 'x')
    assert.equal(problem, 'earlier steps have filled it')
  })
}

test('a report that is too long by one byte is not written', async () => {
  await using step = await startStep()
  const problem = await appendSummary(step.env, (bytes) => 'x'.repeat(bytes + 1))
  assert.equal(problem, 'the report does not fit into it')
  assert.equal(await step.summary(), '')
})

const BAD: readonly [string, (folder: string) => string | undefined, RegExp][] = [
  ['not set', () => undefined, /is not set/],
  ['relative', () => 'summary.md', /is not an absolute path/],
  ['not there', (folder) => join(folder, 'none'), /\(ENOENT\)/],
  ['a folder', (folder) => folder, /is not a file/],
  ['a device', () => '/dev/null', /is not a file/],
]

for (const [name, path, problem] of BAD) {
  test(`a file that is ${name} is a reason`, async () => {
    await using step = await startStep()
    step.env['GITHUB_STEP_SUMMARY'] = path(step.folder)
    assert.match((await appendSummary(step.env, () => 'x')) ?? '', problem)
  })
}

test('no file is made', async () => {
  await using step = await startStep()
  const path = join(step.folder, 'other.md')
  await appendSummary({ GITHUB_STEP_SUMMARY: path }, () => 'x')
  await assert.rejects(stat(path), { code: 'ENOENT' })
})
