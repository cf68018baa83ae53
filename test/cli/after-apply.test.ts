import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runAfterApply } from '../../src/cli/after-apply.ts'
import { Output } from '../../src/cli/output.ts'
import { Secret } from '../../src/secret.ts'

const SECRET = 'test-secret-0123456789'

async function run(command: string, timeoutMs = 10_000) {
  let stdout = ''
  let stderr = ''
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
  })
  output.redactor.add([new Secret(SECRET)])
  const startedAt = performance.now()
  const env = { PATH: process.env['PATH'], GIVEN: 'given' }
  const result = await runAfterApply(command, { cwd: tmpdir(), env, output, timeoutMs })
  return { result, stdout, stderr, milliseconds: performance.now() - startedAt }
}

describe('the command after a run', { skip: process.platform === 'win32' }, () => {
  test('its output goes to stderr, without secrets and escaped', async () => {
    const { result, stdout, stderr } = await run(
      `printf 'one ${SECRET}\\n\\033[31mred\\n'; echo "$GIVEN" >&2; pwd`,
    )
    assert.deepEqual(result, { exitCode: 0, timedOut: false })
    const lines = stderr.trim().split('\n').toSorted()
    assert.deepEqual(lines, ['\\u{1b}[31mred', 'given', 'one [secret]', tmpdir()].toSorted())
    assert.equal(stdout, '')
  })

  test('a secret in two writes is hidden too', async () => {
    const { stderr } = await run(`printf ${SECRET.slice(0, 9)}; sleep 0.1; echo ${SECRET.slice(9)}`)
    assert.equal(stderr, '[secret]\n')
  })

  test('its exit code is told, and it reads nothing', async () => {
    const { result } = await run('cat; exit 7')
    assert.deepEqual(result, { exitCode: 7, timedOut: false })
    assert.deepEqual((await run('no-such-command-at-all')).result.exitCode, 127)
  })

  test('at the limit all that it started ends', async () => {
    const { result, stderr, milliseconds } = await run('sleep 30 & echo $!; wait', 300)
    assert.deepEqual(result, { exitCode: null, timedOut: true })
    assert.ok(milliseconds < 5_000, `${milliseconds} ms`)
    // Ended, and perhaps not yet waited for by the one that inherited it.
    const pid = Number(stderr)
    const isRunning = () => {
      try {
        return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      } catch {
        return false
      }
    }
    for (let round = 0; round < 40 && isRunning(); round += 1) await sleep(25)
    assert.ok(pid > 0 && !isRunning())
  })

  test('what it leaves in the background is not waited for, and not ended', async () => {
    const { result, stderr, milliseconds } = await run('sleep 30 & echo $!')
    const pid = Number(stderr)
    assert.deepEqual(result, { exitCode: 0, timedOut: false })
    assert.ok(milliseconds < 5_000)
    process.kill(pid)
  })
})
