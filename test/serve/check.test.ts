import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { Context } from '../../src/cli/context.ts'
import { Output } from '../../src/cli/output.ts'
import { prepareCheck } from '../../src/cli/serve-check.ts'
import type { Target } from '../../src/database/contract.ts'
import type { CheckResult, RunCheck } from '../../src/serve/check.ts'
import { callerIn, envOf, testProject } from '../cli/runs.ts'
import { SEED_ENV } from '../support/cli.ts'
import { startCutter } from '../support/cut-proxy.ts'
import { forEachDialect } from '../support/databases.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const project = testProject()
const call = callerIn(project)
const never = new AbortController().signal

/** The check of `tidegate serve` on a database. */
async function checkOf(target: Target): Promise<RunCheck> {
  const output = new Output({
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    env: {},
  })
  const env = { ...SEED_ENV, ...envOf(target) }
  const program = {
    cwd: (await project()).folder,
    env,
    output,
    commands: new Set<string>(),
    language: 'en' as const,
  }
  const context = new Context(program, {})
  return prepareCheck(context, await context.settings())
}

async function look(target: Target): Promise<CheckResult> {
  return (await checkOf(target))(never)
}

function driftOf({ drift }: CheckResult): string[] {
  return drift.findings.map((one) => `${one.class} ${one.table}`)
}

forEachDialect((dialect, create) => {
  it('tells an empty gateway from one that was deployed, and that one from a changed one', async () => {
    const { target } = await create({ fixture: 'zeo' })
    const before = await look(target)
    assert.equal(before.bltcyChannels, 0)
    assert.deepEqual(before.enabledChannels, new Map())
    assert.deepEqual(driftOf(before), ['different channels'])
    assert.equal(before.pendingSeeds, 1)
    assert.equal(before.migrations.get('pending'), 4)
    assert.equal(before.diagnosis.verdict.status, 'unhealthy')

    const { code, stderr } = await call('deploy', envOf(target))
    assert.equal(code, 0, stderr)
    const deployed = await look(target)
    assert.equal(deployed.bltcyChannels, 1)
    assert.deepEqual(deployed.enabledChannels, new Map([['Bltcy', 1]]))
    assert.deepEqual(driftOf(deployed), [])
    assert.ok(deployed.drift.isComplete)
    assert.equal(deployed.pendingSeeds, 0)
    assert.equal(deployed.migrations.get('applied'), 4)
    assert.equal(deployed.migrations.get('pending'), 0)
    assert.ok(deployed.connectionSeconds > 0 && deployed.connectionSeconds < 5)
    const page = await deployed.page()
    assert.match(page, /^<!doctype html>/i)
    assert.ok(!page.includes(SEED_ENV.BLTCY_API_KEY))

    await executeRaw(target, `update channels set key = 'sk-test-another-key-0000'`)
    const rekeyed = await look(target)
    assert.deepEqual([driftOf(rekeyed).length, rekeyed.pendingSeeds], [1, 1])

    await executeRaw(target, `update channels set status = 2`)
    const disabled = await look(target)
    assert.equal(disabled.bltcyChannels, 0)
    assert.ok(driftOf(disabled).includes('drift channels'))
    assert.equal(disabled.pendingSeeds, 1)
  })

  it('what cannot be told is no clean comparison', async () => {
    const { target } = await create({ fixture: 'zeo' })
    const row = `insert into channels (type, key, name, models, "group", status)
      values (55, 'sk-test-1', 'Bltcy旧网关', 'runway', 'default', 1)`
    await executeRaw(
      target,
      `${row}; ${row}; insert into channels (type, key, name, status) values (999, 'sk-test-2', 'x', 1)`,
    )
    const result = await look(target)
    assert.equal(result.bltcyChannels, 2)
    assert.deepEqual(
      result.enabledChannels,
      new Map([
        ['Bltcy', 2],
        ['other', 1],
      ]),
    )
    assert.equal(result.drift.isComplete, false)
    assert.equal(result.pendingSeeds, 1)
  })

  it('does not begin when it was stopped before', async () => {
    const { target } = await create({ fixture: 'zeo' })
    const run = await checkOf(target)
    await assert.rejects(run(AbortSignal.abort()), { code: 'interrupted' })
  })

  it('a database of no gateway fails the check and leaves nothing open', async () => {
    const { target } = await create()
    await assert.rejects(look(target))
    if (dialect === 'postgres') assert.equal(await openConnections(target), 0)
  })

  if (dialect !== 'postgres') return

  it('has one connection open while it looks, and none afterwards', async () => {
    const { target } = await create({ fixture: 'zeo' })
    const run = await checkOf(target)
    const over = new AbortController()
    const checking = run(never).finally(() => over.abort())
    const seen: number[] = []
    while (!over.signal.aborted) seen.push(await openConnections(target))
    await checking
    assert.equal(Math.max(...seen), 1)
    assert.equal(await openConnections(target), 0)
  })

  it('ends soon when it is stopped, whatever the server does', async () => {
    const { target } = await create({ fixture: 'zeo' })
    if (target.dialect !== 'postgres') throw new Error('a PostgreSQL target')
    const silent = await startFakeServer(() => undefined)
    after(() => silent.close())
    const stalled = await startCutter(target)
    stalled.stallAfter(2_000)
    const servers = [{ ...target, host: '127.0.0.1', port: silent.port }, stalled.target]
    for (const server of servers) {
      const run = await checkOf(server)
      const stopper = new AbortController()
      const checking = run(stopper.signal)
      setTimeout(() => stopper.abort(), 300)
      const startedAt = performance.now()
      await assert.rejects(checking)
      assert.ok(performance.now() - startedAt < 4_000)
    }
  })
})

/** Sessions of a check that the server knows. */
async function openConnections(target: Target): Promise<number> {
  const [row] = await queryRaw(
    target,
    `select count(*)::int from pg_stat_activity
     where datname = current_database() and application_name like 'tidegate % serve'`,
  )
  return row![0] as number
}
