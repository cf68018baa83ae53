import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type CliResult, runCli } from '../support/cli.ts'
import { driftReport } from '../support/drift-report.ts'
import { startStep, type Step, TOKEN } from './actions.ts'

async function renderToGithub({ folder, env }: Step, report = driftReport()): Promise<CliResult> {
  await writeFile(join(folder, 'report.json'), JSON.stringify(report))
  return runCli(['drift', 'render', 'report.json', '--github'], { cwd: folder, env })
}

test('the command comments once, and finds its comment again', async () => {
  await using step = await startStep()
  const first = await renderToGithub(step)
  assert.equal(first.code, 2, first.stderr)
  assert.match(first.stderr, /comment created: http/)
  assert.match((await renderToGithub(step)).stderr, /comment unchanged: http/)
  const [comment, ...others] = step.github.comments
  assert.deepEqual(others, [])
  assert.equal(comment?.body.match(/<!-- tidegate:drift:/g)?.length, 1)
  assert.match(await step.summary(), /Bltcy/)
})

test('the command still prints the report when GitHub refuses', async () => {
  await using step = await startStep()
  step.github.faults.push({ on: 'POST /repos', fault: { status: 403 } })
  const { code, stdout, stderr } = await renderToGithub(step)
  assert.equal(code, 1)
  assert.match(stdout, /Bltcy/)
  assert.match(stderr, /status 403.*\n.*permissions: pull-requests: write/)
  assert.doesNotMatch(stdout + stderr, new RegExp(TOKEN))
})
