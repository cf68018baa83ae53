import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { FakeGateway } from '../support/fake-gateway.ts'
import { type Deployment, type Env, forEachDeployment } from './deployment.ts'
import { goodChannel, NO_CHANNEL } from './incidents.ts'

const TOKEN = 'testAccessToken0123456789abcdef0'

const DONE = { status: 200, body: '{"success":true,"message":""}' }

let gateway: FakeGateway
before(async () => {
  gateway = await new FakeGateway().start()
})
after(() => gateway.close())
beforeEach(() => {
  gateway.answer = DONE
  gateway.calls.length = 0
})

function access(more: Env = {}): Env {
  return {
    TIDEGATE_GATEWAY_URL: gateway.url.origin,
    TIDEGATE_GATEWAY_TOKEN: TOKEN,
    TIDEGATE_GATEWAY_USER: '1',
    ...more,
  }
}

/** Commands that write to the gateway's tables, and what gives them something to write. */
const COMMANDS: readonly (readonly [command: string, sql: string])[] = [
  ['deploy', NO_CHANNEL],
  ['seed apply', NO_CHANNEL],
  ['doctor --fix A5', goodChannel(55, `delete from abilities where model = 'pika';`)],
]

/** Something that tidegate wrote, before which there is nothing to be found. */
function isWritten(deployment: Deployment): Promise<boolean> {
  const pika = `select 1 from abilities where model = 'pika'`
  return deployment.query(pika).then((rows) => rows.length > 0)
}

forEachDeployment('zeo', (deployment) => {
  // What follows the last transaction does not depend on the database: one command shows it.
  const commands = deployment.dialect === 'sqlite' ? COMMANDS : COMMANDS.slice(0, 1)
  for (const [command, sql] of commands) {
    describe(command, () => {
      beforeEach(async () => {
        assert.equal((await deployment.call('deploy --no-doctor')).code, 0)
        await deployment.execute(sql)
      })
      testCommand(deployment, command)
    })
  }
})

function testCommand(deployment: Deployment, command: string): void {
  const run = (env: Env, more = '') => deployment.call(`${command} --reload${more}`, env)

  it('asks the gateway once, and only when something was written', async () => {
    const first = await run(access())
    assert.equal(first.code, 0, first.stderr)
    assert.match(first.stderr, /the gateway reloads its channels/)
    const { method, path, headers } = gateway.calls[0]!
    assert.deepEqual([method, path], ['POST', '/api/channel/tag/enabled'])
    assert.deepEqual([headers.authorization, headers['new-api-user']], [TOKEN, '1'])
    const second = await run(access())
    assert.equal(second.code, 0, second.stderr)
    assert.equal(gateway.calls.length, 1)
  })

  it('fails when the gateway refuses, after the rows are written', async () => {
    gateway.answer = { status: 200, body: `{"success":false,"message":"no, ${TOKEN}"}` }
    const { code, stdout, stderr } = await run(access())
    assert.equal(code, 1)
    assert.match(stderr, /^error: the rows are written, but the gateway did not reload/m)
    assert.match(stderr, /^next: check that TIDEGATE_GATEWAY_TOKEN/m)
    assert.ok(!`${stdout}${stderr}`.includes(TOKEN))
    assert.ok(await isWritten(deployment))
  })

  it('is one document with --json, that of the failure', async () => {
    gateway.answer = { status: 500, body: '' }
    const { code, json } = await run(access(), ' --json')
    assert.equal(code, 1)
    assert.equal((json()['error'] as { code: string }).code, 'gateway')
    assert.ok(await isWritten(deployment))
  })

  const unusable: readonly (readonly [name: string, env: () => Env, says: RegExp])[] = [
    ['nothing says what to do', () => ({}), /--reload: needs TIDEGATE_GATEWAY_URL/],
    [
      'the token is missing',
      () => access({ TIDEGATE_GATEWAY_TOKEN: undefined }),
      /--reload: needs/,
    ],
    ['the user is no id', () => access({ TIDEGATE_GATEWAY_USER: 'root' }), /is no id/],
    [
      'the address is none',
      () => access({ TIDEGATE_GATEWAY_URL: 'file:///etc' }),
      /TIDEGATE_GATEWAY_URL: it must be an address/,
    ],
  ]
  it('writes nothing when it could not reload', async () => {
    for (const [name, env, says] of unusable) {
      const { code, stderr } = await run(env())
      assert.equal(code, 1, name)
      assert.match(stderr, says)
      assert.ok(!(await isWritten(deployment)), name)
    }
    assert.deepEqual(gateway.calls, [])
  })

  describe('afterApply', { skip: process.platform === 'win32' }, () => {
    const file = (name: string) => join(deployment.folder, name)
    afterEach(async () => {
      for (const name of ['tidegate.config.mjs', 'ran']) await rm(file(name), { force: true })
    })
    /** Node reads a module once: each command that differs is in a file of its own. */
    const configure = (afterApply: string, name = 'tidegate.config.mjs') =>
      writeFile(file(name), `export default ${JSON.stringify({ afterApply })}`)

    it('runs in the root, once, instead of the call', async () => {
      await configure('pwd >> ran; echo restarted')
      const first = await run(access())
      assert.equal(first.code, 0, first.stderr)
      assert.match(first.stderr, /^restarted$/m)
      assert.ok(!first.stdout.includes('restarted'))
      assert.equal((await run(access())).code, 0)
      assert.equal(await readFile(file('ran'), 'utf8'), `${deployment.folder}\n`)
      assert.deepEqual(gateway.calls, [])
    })

    it('fails with its exit code, after the rows are written', async () => {
      await configure('exit 7', 'failing.config.mjs')
      const { code, stderr } = await run({}, ' --config failing.config.mjs')
      assert.equal(code, 1)
      assert.match(stderr, /^error: the rows are written, but afterApply ended with exit code 7$/m)
      assert.ok(await isWritten(deployment))
    })

    it('does not run without --reload', async () => {
      await configure('pwd >> ran; echo restarted')
      const { code, stderr } = await deployment.call(command, access())
      assert.equal(code, 0, stderr)
      await assert.rejects(readFile(file('ran')))
      assert.deepEqual(gateway.calls, [])
    })
  })
}
