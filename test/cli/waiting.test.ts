import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { envOf, inPairs, runnerIn, testProject } from './runs.ts'

const run = runnerIn(testProject())
const startPostgres = sharedPostgres()
const cleanups: (() => Promise<unknown>)[] = []
after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

describe('waiting', () => {
  it('a database that is not there yet is waited for', async () => {
    const { target, ...made } = await createTestDatabase(await startPostgres(), { fixture: 'n26' })
    cleanups.push(() => made.drop())
    const late = await lateServer(target)
    cleanups.push(() => late.close())
    const { code, stderr } = await run(
      'deploy --no-doctor --wait 20s',
      envOf({ ...target, port: late.port }),
    )
    assert.equal(code, 0, stderr)
    assert.match(stderr, /waiting for the database: /)
  })

  it('Ctrl-C ends it at once, and nothing is left', async () => {
    const started = performance.now()
    const env = { SQL_DSN: 'postgres://u:sk-test@127.0.0.1:1/d?sslmode=disable' }
    const { code, signal, stderr } = await run('deploy --wait 60s', env, {
      onSpawn: (child) => setTimeout(() => child.kill('SIGINT'), 1_500),
    })
    assert.ok(signal === 'SIGINT' || code === 130 || code === 1, `${code} ${signal}`)
    assert.ok(performance.now() - started < 6_000, 'promptly')
    assert.ok(!stderr.includes('    at '), stderr)
  })
})

describe('an old Node.js', () => {
  it('is told in one line', async (test) => {
    const nodes = ['/usr/local/bin/node', '/usr/bin/node']
    const entry = join(import.meta.dirname, '../../dist/tidegate.js')
    const results = await inPairs(nodes, async (node) => {
      const version = await promisify(execFile)(node, ['--version']).catch(() => null)
      const major = Number(version?.stdout.slice(1).split('.')[0] ?? 99)
      if (major >= 22) return null
      return promisify(execFile)(node, [entry, 'deploy']).then(
        () => ({ code: 0, stdout: '', stderr: '' }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      )
    })
    const result = results.find((one) => one !== null)
    if (!result) return test.skip('there is no Node.js before 22 on this machine')
    if (result.stderr.includes('Cannot find module'))
      return test.skip('there is no dist: run `npm run build`')
    assert.equal(result.code, 1)
    assert.equal(result.stdout, '')
    assert.match(result.stderr, /^tidegate needs Node\.js 22\.18 or later, this is [\d.]+; .*\n$/)
  })
})

/** A server that ends its first two connections, as one that is starting does, then works. */
async function lateServer(target: PostgresTarget) {
  let attempts = 0
  const server = createServer((client) => {
    client.on('error', () => undefined)
    attempts += 1
    if (attempts <= 2) return client.destroy()
    const upstream = connect(target.port, target.host).on('error', () => undefined)
    return client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(resolve)) }
}
