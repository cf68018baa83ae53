import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Diagnosis } from '../../src/doctor/diagnosis.ts'
import { runCli, SEED_ENV } from '../support/cli.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { startSlowProxy } from '../support/slow-proxy.ts'
import { type Deployment, type Env, forEachDeployment } from './deployment.ts'
import {
  type Cause,
  goodChannel,
  GUIDE_INCIDENTS,
  type Incident,
  OTHER_INCIDENTS,
} from './incidents.ts'
import { envOf, testProject } from './runs.ts'

/** Does what the doctor says until requests are served, as one who trusts it would. */
async function replay(deployment: Deployment, incident: Incident): Promise<void> {
  const { sql, env, words, causes } = incident
  await deployment.execute(sql)
  let diagnosis = await deployment.diagnose(words, env)
  for (const cause of causes) diagnosis = await resolve(deployment, incident, diagnosis, cause)
  assert.deepEqual(rulesThatRefuse(diagnosis), [])
  assert.ok(diagnosis.routes.length > 0)
  for (const { outcome, model } of diagnosis.routes) assert.equal(outcome, 'served', model)
}

async function resolve(
  deployment: Deployment,
  { env, words }: Incident,
  { findings: [first] }: Diagnosis,
  cause: Cause,
): Promise<Diagnosis> {
  const [rule, sql] = typeof cause === 'string' ? [cause] : cause
  assert.equal(first?.rule, rule)
  if (sql === undefined) await deployment.repair(first, env)
  else {
    assert.equal(first.repair.kind, 'advice')
    await deployment.execute(sql)
  }
  const diagnosis = await deployment.diagnose(words, env)
  assert.ok(!diagnosis.findings.some((finding) => finding.rule === rule), `${rule} is still there`)
  return diagnosis
}

function rulesThatRefuse({ findings }: Diagnosis): string[] {
  const refusing = findings.filter(
    ({ severity }) => severity === 'critical' || severity === 'error',
  )
  return refusing.map(({ rule }) => rule)
}

const project = testProject()
const server = await testPostgres()

/** Most of its seconds are spent waiting, so it waits while the other tests run. */
async function diagnoseSlowly() {
  const made = await createTestDatabase(server, { fixture: 'zeo' })
  const proxy = await startSlowProxy(made.target, { roundTripMs: 300, bandwidth: 100_000_000 })
  const { folder } = await project()
  const env = { ...SEED_ENV, ...envOf(proxy.target) }
  const result = await runCli(['doctor', '--json', '--fail-on', 'warning'], { cwd: folder, env })
  await proxy.close()
  await made.drop()
  return result
}
const slowly = diagnoseSlowly()

forEachDeployment('zeo', (deployment) => {
  // The rules read both databases alike, which their own tests show; so some suffice here.
  const others = deployment.dialect === 'sqlite' ? OTHER_INCIDENTS : OTHER_INCIDENTS.slice(0, 5)
  for (const incident of [...GUIDE_INCIDENTS, ...others]) {
    it(`${incident.name}, where tidegate never wrote`, () => replay(deployment, incident))
  }

  for (const incident of GUIDE_INCIDENTS.filter(({ isCommon }) => isCommon === true)) {
    it(`${incident.name}, where tidegate deployed`, async () => {
      assert.equal((await deployment.call('deploy')).code, 0)
      await replay(deployment, incident)
    })
  }

  it("the guide's row ends a gateway that caches, and one that does not finds no channel", async () => {
    await deployment.execute(GUIDE_INCIDENTS[1]!.sql)
    const cached = await deployment.diagnose('', { MEMORY_CACHE_ENABLED: 'true' })
    assert.deepEqual(
      cached.routes.map(({ outcome, rule }) => `${outcome} ${rule}`),
      ['crash A6', 'crash A6', 'crash A6'],
    )
    assert.equal(cached.findings[0]?.severity, 'critical')
    const { routes, findings } = await deployment.diagnose('', { MEMORY_CACHE_ENABLED: 'false' })
    assert.deepEqual(
      routes.map(({ status, rule }) => `${status} ${rule}`),
      ['503 A1', '503 A1', '503 A1'],
    )
    assert.equal(findings[0]?.rule, 'C2')
  })
})

const PRICES = `insert into options (key, value)
  values ('ModelPrice', '{"runway":0.1,"pika":0.1,"kling":0.1}');`

/** A gateway of a later version, to which the fork's type means something else. */
const LATER: Env = { BLTCY_CHANNEL_TYPE: '1' }

forEachDeployment('n26', (deployment) => {
  const incidents: readonly Incident[] = [
    {
      name: "the fork's type, which is Sora's here",
      sql: `${goodChannel(55)} ${PRICES}`,
      env: LATER,
      causes: ['B3'],
    },
    { name: 'no price', sql: goodChannel(1), env: LATER, causes: [['P1', PRICES]] },
  ]
  for (const incident of incidents) {
    it(`${incident.name}, where tidegate never wrote`, () => replay(deployment, incident))
  }
})

it('a connection that takes longer than a second', async () => {
  const { code, json, stderr } = await slowly
  assert.equal(code, 2, stderr)
  const { findings, connection, checks } = json() as unknown as Diagnosis
  const slow = findings.find(({ rule }) => rule === 'N1')
  assert.deepEqual([slow?.severity, slow?.facts['samples']], ['warning', '5'])
  assert.ok(connection!.medianMs > 1_000, `${connection!.medianMs} ms`)
  assert.equal(checks.find(({ id }) => id === 'connection')?.result, 'failed')
})
