import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runCli } from '../support/cli.ts'
import { FakeGateway } from '../support/fake-gateway.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { callerIn, callMain, envOf, testProject } from './runs.ts'

const project = testProject()
const call = callerIn(project)
const server = await testPostgres()

/** Nothing of this leads to a database. */
const NO_DATABASE = { SQL_DSN: 'postgres://u:made-up@127.0.0.1:1/d?sslmode=disable' }

describe('--logs', () => {
  const INCIDENT = `[SYS] 2026/01/01 - 12:00:00 | ready
[ERR] 2026/01/01 - 12:00:01 | 分组 default 下模型 runway 无可用渠道（distributor）
[ERR] 2026/01/01 - 12:00:02 | 获取渠道失败\n`

  const explain = async (words: string, stdin = '') => {
    const { folder } = await project()
    return callMain(['doctor', ...words.split(' ')], { cwd: folder, env: NO_DATABASE, stdin })
  }

  it('reads standard input or a file, without a database', async () => {
    const file = join((await project()).folder, 'gateway.log')
    await writeFile(file, INCIDENT)
    const fromFile = await explain('--logs gateway.log')
    const piped = await explain('--logs -', INCIDENT)
    await rm(file)
    assert.equal(piped.code, 2, piped.stderr)
    assert.match(piped.stdout, /A1/)
    assert.deepEqual([fromFile.code, fromFile.stdout], [piped.code, piped.stdout])
    const { entries } = (await explain('--logs - --json', INCIDENT)).json() as {
      entries: { rules: string[] }[]
    }
    assert.ok(entries.some(({ rules }) => rules.includes('A1')))
  })

  it('that say nothing of it are no finding', async () => {
    const { code, stdout } = await explain('--logs -', '[SYS] 2026/01/01 - 12:00:00 | ready\n')
    assert.equal(code, 0, stdout)
  })

  it('that cannot be read are an error', async () => {
    const { code, stderr } = await explain('--logs absent.log')
    assert.equal(code, 1)
    assert.match(stderr, /^error: the log cannot be read$/m)
  })
})

describe('--probe', () => {
  const TOKEN = 'testTOKENtestTOKENtestTOKENtestTOKENtestTOKEN001'
  let gateway: FakeGateway
  before(async () => {
    gateway = await new FakeGateway().start()
  })
  after(() => gateway.close())

  const probe = (words: string, token: string | undefined = TOKEN) =>
    call(`doctor --probe ${words}`, { ...NO_DATABASE, TIDEGATE_PROBE_TOKEN: token })

  it('sends one request, and is 0 where it is served', async () => {
    gateway.calls.length = 0
    gateway.answer = { status: 200, body: '{"id":"task"}' }
    const { code, stdout, stderr } = await probe(`${gateway.url.origin} --path /runway/tasks`)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /200/)
    assert.equal(gateway.calls.length, 1)
    const [{ method, path, headers, body }] = gateway.calls as [(typeof gateway.calls)[0]]
    assert.deepEqual([method, path], ['POST', '/runway/tasks'])
    assert.equal(headers.authorization, `Bearer ${TOKEN}`)
    assert.equal((JSON.parse(body) as { model: string }).model, 'runway')
  })

  it('names the rules that would explain a refusal', async () => {
    const message = `分组 default 下模型 runway 无可用渠道（distributor） ${TOKEN}`
    gateway.answer = { status: 503, body: JSON.stringify({ error: { message } }) }
    const { code, stdout, stderr, json } = await probe(
      `${gateway.url.origin} --model runway --json`,
    )
    assert.equal(code, 2)
    assert.ok((json()['rules'] as string[]).includes('A1'))
    assert.ok(!`${stdout}${stderr}`.includes(TOKEN))
  })

  it('of a gateway that does not listen is a finding', async () => {
    const closed = await new FakeGateway().start()
    const { origin } = closed.url
    await closed.close()
    const { code, json } = await probe(`${origin} --model runway --json`)
    assert.deepEqual([code, json()['cause']], [2, 'refused'])
  })

  const LOGIN = 'http://root:made-up-password@127.0.0.1:9'
  const UNUSABLE: readonly (readonly [words: string, says: RegExp, token?: string])[] = [
    ['http://127.0.0.1:9 --model runway', /TIDEGATE_PROBE_TOKEN: it is set but empty/, ''],
    ['http://127.0.0.1:9', /--probe does not know which request to send/],
    [`${LOGIN} --model runway`, /--probe takes an address/],
    ['gateway.example --model runway', /--probe takes an address/],
  ]
  it('needs a token, a request and an address without a user', async () => {
    for (const [words, says, token] of UNUSABLE) {
      const { code, stderr } = await probe(words, token)
      assert.equal(code, 1, words)
      assert.match(stderr, says)
      assert.doesNotMatch(stderr, /made-up/)
    }
  })
})

describe('databases', () => {
  it('a role that may only read can run it', async () => {
    const made = await createTestDatabase(server, { fixture: 'n26' })
    const { target } = made
    const role = `reader_${process.pid}`
    try {
      await executeRaw(
        target,
        `create role ${role} login password 'made-up';
        alter role ${role} set default_transaction_read_only = on;
        grant select on all tables in schema public to ${role};`,
      )
      const env = envOf({ ...target, user: role })
      const { code, json, stderr } = await call('doctor --json', {
        ...env,
        SQL_DSN: env['SQL_DSN']!.replace(/:[^:@/]*@/, ':made-up@'),
        BLTCY_CHANNEL_TYPE: '1',
      })
      assert.equal(code, 2, stderr)
      assert.equal((json()['findings'] as { rule: string }[])[0]?.rule, 'B1')
    } finally {
      await made.drop()
      await executeRaw({ ...target, database: 'postgres' }, `drop role ${role}`)
    }
  })

  it("that are no gateway's are said to be none, and are left as they are", async () => {
    const file = await createSqliteFile()
    const made = await createTestDatabase(server)
    const tables = {
      sqlite: 'select name from sqlite_master',
      postgres: `select tablename from pg_tables where schemaname = 'public'`,
    }
    for (const one of [file, made]) {
      const { target } = one
      const { code, json } = await call('doctor --json', envOf(target))
      assert.equal(code, 1)
      assert.equal((json()['error'] as { code: string }).code, 'not-a-gateway')
      assert.deepEqual(await queryRaw(target, tables[target.dialect]), [])
      await one.drop()
    }
  })

  it('that do not exist are not made', async () => {
    const path = join((await project()).folder, 'absent.db')
    const { code, stderr } = await call('doctor', { SQL_DSN: 'local', SQLITE_PATH: path })
    assert.equal(code, 1, stderr)
    assert.ok(!existsSync(path))
  })

  it('Ctrl-C ends it while the server does not answer', async () => {
    const connected = Promise.withResolvers<void>()
    const silent = await startFakeServer(() => connected.resolve())
    const { folder } = await project()
    const env = { SQL_DSN: `postgres://u:made-up@127.0.0.1:${silent.port}/d?sslmode=disable` }
    const spawned = Promise.withResolvers<{ kill(signal: NodeJS.Signals): void }>()
    const running = runCli(['doctor'], { cwd: folder, env, onSpawn: spawned.resolve })
    await connected.promise
    const interruptedAt = performance.now()
    ;(await spawned.promise).kill('SIGINT')
    const { signal, stderr } = await running
    assert.ok(performance.now() - interruptedAt < 2_000)
    await silent.close()
    assert.equal(signal, 'SIGINT', stderr)
    assert.match(stderr, /^SIGINT: stopped/m)
    assert.doesNotMatch(stderr, /made-up| {4}at /)
  })
})
