import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { RouteProblem } from '../../src/cli/route-problem.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { countStatements, writingStatements } from '../support/wire.ts'
import { type Env, forEachDeployment } from './deployment.ts'
import { callerIn, envOf, testProject } from './runs.ts'

const call = callerIn(testProject())
const server = await testPostgres()

/** The fork's type means something else in this version. */
const ENV: Env = { BLTCY_CHANNEL_TYPE: '1' }

const PRICES = `insert into options (key, value)
  values ('ModelPrice', '{"runway":0.1,"pika":0.1,"kling":0.1}');`

interface DeployReport {
  readonly status: string
  readonly doctor: readonly RouteProblem[] | null
}

forEachDeployment('n26', (deployment) => {
  it('says that a declared model is refused, with 2, also when nothing is written', async () => {
    for (const status of ['changed', 'unchanged']) {
      const { code, json, stderr } = await deployment.call('deploy --json', ENV)
      assert.equal(code, 2, stderr)
      const report = json() as unknown as DeployReport
      assert.equal(report.status, status)
      const [problem] = report.doctor!
      assert.deepEqual(
        [report.doctor!.length, problem?.rule, problem?.severity],
        [1, 'P1', 'error'],
      )
      assert.equal(problem?.pairs.length, 3)
    }
    const { stdout } = await deployment.call('deploy', ENV)
    assert.match(stdout, /^doctor +1 error +P1$/m)
    assert.match(stdout, /^P1 /m)
    const chinese = await deployment.call('deploy --lang zh-CN', ENV)
    assert.match(chinese.stdout, /^P1 \p{Script=Han}/mu)
  })

  it('is 0 when all is routed, and without a doctor when told so', async () => {
    const without = await deployment.call('deploy --no-doctor --json', ENV)
    assert.equal(without.code, 0, without.stderr)
    assert.equal((without.json() as unknown as DeployReport).doctor, null)
    const { code, stdout } = await deployment.call('deploy --no-doctor', ENV)
    assert.equal(code, 0)
    assert.doesNotMatch(stdout, /doctor|P1/)
    await deployment.execute(PRICES)
    const routed = await deployment.call('deploy', ENV)
    assert.equal(routed.code, 0)
    assert.match(routed.stdout, /^doctor +routed +every declared model from every declared group$/m)
    const { doctor } = (
      await deployment.call('deploy --json', ENV)
    ).json() as unknown as DeployReport
    assert.deepEqual(doctor, [])
  })

  it('takes a channel that lists the model no more for what it is: there', async () => {
    await deployment.execute(PRICES)
    assert.equal((await deployment.call('deploy', ENV)).code, 0)
    await deployment.execute(
      `insert into channels (id, type, key, name, status, base_url, models, "group")
      values (777, 1, 'sk-test-other', 'other', 1, '', 'else', 'default');
      insert into abilities ("group", model, channel_id, enabled, priority, weight)
      values ('default', 'runway', 777, true, 99, 0), ('default', 'else', 777, true, 0, 0);`,
    )
    const { code, stdout } = await deployment.call('deploy', ENV)
    assert.equal(code, 0, stdout)
  })

  it('finds what another channel does to a gateway that caches', async () => {
    await deployment.execute(PRICES)
    assert.equal((await deployment.call('deploy', ENV)).code, 0)
    await deployment.execute(
      `insert into channels (type, key, name, status, models, "group")
      values (1, 'sk-test-other', 'other', 1, 'runway', 'nowhere');`,
    )
    const off = await deployment.call('deploy', { ...ENV, MEMORY_CACHE_ENABLED: 'false' })
    assert.equal(off.code, 0, off.stdout)
    const both = await deployment.call('deploy --json', ENV)
    assert.equal(both.code, 2)
    const [crash] = (both.json() as unknown as DeployReport).doctor!
    assert.deepEqual([crash?.rule, crash?.severity], ['A6', 'critical'])
    await deployment.repair({
      ...crash!,
      modes: [],
      facts: {},
      evidence: [],
      rows: 0,
      explains: [],
    })
    assert.equal((await deployment.call('deploy', ENV)).code, 0)
  })

  it('says with 2 that the gateway itself switched a declared channel off', async () => {
    await deployment.execute(PRICES)
    assert.equal((await deployment.call('deploy', ENV)).code, 0)
    await deployment.execute(
      'update channels set status = 3; update abilities set enabled = false;',
    )
    const { code, stdout } = await deployment.call('deploy', ENV)
    assert.equal(code, 2)
    assert.match(stdout, /^C7 /m)
    assert.match(stdout, /doctor --fix C7/)
  })
})

it('asks one question more than a deploy without it, and none that writes', async () => {
  const made = await createTestDatabase(server, { fixture: 'zeo' })
  const wire = await countStatements(made.target)
  after(async () => {
    await wire.close()
    await made.drop()
  })
  const env = envOf(wire.target)
  assert.equal((await call('deploy', env)).code, 0)
  const asked = async (line: string) => {
    const earlier = wire.statements().length
    assert.equal((await call(line, env)).code, 0)
    const statements = wire.statements().slice(earlier)
    assert.deepEqual(writingStatements(statements), [])
    return statements.length
  }
  assert.deepEqual([await asked('deploy'), await asked('deploy --no-doctor')], [4, 3])
})
