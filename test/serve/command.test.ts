import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { callerIn, testProject } from '../cli/runs.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { sourceFlags } from '../support/source-flags.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'
import { TOKEN } from './running.ts'

const ENTRY = join(import.meta.dirname, '../../src/cli/entry.ts')

const project = testProject()
const call = callerIn(project)

it('refuses what it cannot serve with, before it listens', async () => {
  const cases = [
    { line: '--port 70000', says: /--port is a whole number from 0 to 65535/ },
    { line: '--port 1.5', says: /--port is a whole number/ },
    { line: '--interval 10', says: /--interval is a time of 1s or more/ },
    { line: '--interval 500ms', says: /--interval is a time of 1s or more/ },
    { line: '--port 0', token: 'short', says: /TIDEGATE_SERVE_TOKEN: it is no 16 or more/ },
  ]
  for (const { line, token, says } of cases) {
    const { code, stderr } = await call(`serve ${line}`, { TIDEGATE_SERVE_TOKEN: token })
    assert.equal(code, 1, stderr)
    assert.match(stderr, says)
  }
})

interface Served {
  readonly child: ChildProcess
  readonly url: string
  stderr(): string
}

/** The command in a process of its own, as soon as it listens. */
async function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Served> {
  const { PATH, HOME } = process.env
  const child = spawn(
    process.execPath,
    [...sourceFlags(), ENTRY, 'serve', '--port', '0', ...args],
    { cwd: (await project()).folder, env: { PATH, HOME, ...env }, timeout: 30_000 },
  )
  let stderr = ''
  const { promise: url, resolve, reject } = Promise.withResolvers<string>()
  createInterface(child.stderr).on('line', (line) => {
    stderr += `${line}\n`
    const match = /^listening at (.*)$/.exec(line)
    if (match !== null) resolve(match[1]!)
  })
  child.on('close', () => reject(new Error(`it ended: ${stderr}`)))
  return { child, url: await url, stderr: () => stderr }
}

async function stop({ child }: Served, signal: NodeJS.Signals) {
  const startedAt = performance.now()
  child.kill(signal)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, milliseconds: performance.now() - startedAt }
}

describe('the process', () => {
  let file: SqliteFile
  before(async () => {
    file = await createSqliteFile({ fixture: 'zeo' })
  })
  after(() => file.drop())
  const env = () => ({ SQL_DSN: 'local', SQLITE_PATH: file.path })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 at ${signal}, and has told what it was asked`, async () => {
      const args = ['--host', '0.0.0.0', '--verbose']
      const served = await startCommand(args, env())
      const url = served.url.replace('0.0.0.0', '127.0.0.1')
      for (let status = 503; status === 503;) {
        ;({ status } = await fetch(`${url}/healthz?key=sk-test-0123456789abcdef`))
      }
      const missing = await fetch(`${url}/x%0a::error::y`)
      assert.equal(missing.status, 404)
      const { code, milliseconds } = await stop(served, signal)
      assert.equal(code, 0, served.stderr())
      assert.ok(milliseconds < 5_000, `${milliseconds} ms`)
      assert.match(served.stderr(), /^warning: other machines can reach 0\.0\.0\.0: /m)
      assert.match(served.stderr(), /^GET \/healthz 500 [\d.]+ ms$/m)
      assert.match(served.stderr(), /^GET \/x\\u\{a\}::error::y 404 /m)
      assert.ok(!served.stderr().includes('sk-test'))
    })
  }

  it('is quiet about requests and the token, and ends while it connects', async () => {
    const silent = await startFakeServer(() => undefined)
    const address = `postgres://u:made-up-password@127.0.0.1:${silent.port}/d?sslmode=disable`
    try {
      const served = await startCommand([], { SQL_DSN: address, TIDEGATE_SERVE_TOKEN: TOKEN })
      assert.equal((await fetch(`${served.url}/metrics`)).status, 401)
      const { code, milliseconds } = await stop(served, 'SIGTERM')
      assert.equal(code, 0, served.stderr())
      assert.ok(milliseconds < 2_000, `${milliseconds} ms`)
      for (const text of [TOKEN, 'made-up-password', 'GET', 'warning']) {
        assert.ok(!served.stderr().includes(text), text)
      }
    } finally {
      await silent.close()
    }
  })
})
