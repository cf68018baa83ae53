import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { FleetReport } from '../../src/report/fleet.ts'
import { runCli } from '../support/cli.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { findCanaries, makeCanaries } from './canaries.ts'
import { breakDatabase, type Fleet, fleetMaker, NAMES, results, validate } from './fleet-project.ts'
import { activeIn } from './runs.ts'

const makeFleet = fleetMaker()
const startPostgres = sharedPostgres()

async function readReport(fleet: Fleet): Promise<FleetReport> {
  return JSON.parse(await readFile(fleet.path('fleet.json'), 'utf8')) as FleetReport
}

describe('--fleet-report and --resume', () => {
  it('runs only what is not done, and keeps the rest as it was', async () => {
    const fleet = await makeFleet(NAMES)
    await breakDatabase(fleet, 'prod-c')
    await fleet.call('deploy --env prod-* --fleet-report fleet.json')
    const before = await readReport(fleet)
    assert.ok(validate(before), JSON.stringify(validate.errors))
    assert.equal((await stat(fleet.path('fleet.json'))).mode & 0o777, 0o600)
    await rm(fleet.path('prod-c.db'))

    const { code, stderr } = await fleet.call(
      'deploy --env prod-* --parallel 3 --resume fleet.json',
    )
    assert.equal(code, 0)
    const ran = stderr.match(/^\d\/5 \S+/gm)
    assert.deepEqual(ran?.map((line) => line.slice(4)).toSorted(), ['prod-c', 'prod-d', 'prod-e'])
    const after = await readReport(fleet)
    assert.deepEqual(
      results(after),
      NAMES.map((name) => `${name}: changed`),
    )
    assert.deepEqual(after.environments.slice(0, 2), before.environments.slice(0, 2))

    const again = await fleet.call('deploy --env prod-* --resume fleet.json --json')
    assert.deepEqual([again.code, again.stderr, again.json()], [0, '', after])
  })

  const REFUSED = [
    ['another command', 'doctor --env prod-* --resume fleet.json', 'of another command'],
    ['another pattern', 'deploy --env prod-a,prod-b --resume fleet.json', 'of another command'],
    ['no such file', 'deploy --env prod-* --resume missing.json', 'cannot be read'],
    ['another file', 'deploy --env prod-* --resume package.json', 'is not what'],
    [
      'a folder that is not there',
      'deploy --env prod-* --fleet-report a/b.json',
      'cannot be written',
    ],
  ] as const
  it('refuses what it cannot go on from, before anything runs', async () => {
    const fleet = await makeFleet(NAMES.slice(0, 2))
    await fleet.call('deploy --env prod-* --fleet-report fleet.json')
    for (const [name, line, message] of REFUSED) {
      const { code, stdout, stderr } = await fleet.call(line)
      assert.deepEqual([code, stdout], [1, ''], name)
      assert.ok(stderr.includes(message), `${name}: ${stderr}`)
      assert.doesNotMatch(stderr, /1\/2/, name)
    }
  })

  it('shows a file as data: nothing in it is acted on', async () => {
    const fleet = await makeFleet(NAMES.slice(0, 1))
    await fleet.call('deploy --env prod-a, --fleet-report fleet.json')
    await fleet.call('deploy --env prod-* --fleet-report fleet.json')
    const report = await readReport(fleet)
    const what = '\u001b[2J\n::error::x\u202e ##[group]'
    const environments = report.environments.map((one) => ({ ...one, what }))
    await writeFile(fleet.path('fleet.json'), JSON.stringify({ ...report, environments }))
    for (const flags of ['', ' --json']) {
      const { stdout } = await fleet.call(`deploy --env prod-* --resume fleet.json${flags}`)
      assert.deepEqual(activeIn(stdout), [])
    }
  })

  it('has the last wave after a SIGKILL in the middle of the next', async () => {
    const fleet = await makeFleet(NAMES)
    const handle = new Sqlite(fleet.path('prod-c.db'))
    handle.exec('begin immediate')
    const line = 'deploy --env prod-* --parallel 2 --lock-timeout 60s --fleet-report fleet.json'
    const { signal } = await runCli(line.split(' '), {
      cwd: fleet.folder,
      env: fleet.env,
      onSpawn: (child) => void killWhen(() => child.kill('SIGKILL'), fleet),
    })
    handle.close()
    assert.equal(signal, 'SIGKILL')
    const left = await readReport(fleet)
    assert.deepEqual(results(left).slice(0, 3), [
      'prod-a: changed',
      'prod-b: changed',
      'prod-c: not started',
    ])
    const resumed = await fleet.report('deploy --env prod-* --resume fleet.json')
    assert.equal(resumed.status, 'ok')
    assert.deepEqual(resumed.environments.slice(0, 2), left.environments.slice(0, 2))
  })
})

/** Kills once the first wave is in the file, and the second has begun. */
async function killWhen(kill: () => void, fleet: Fleet): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const report = existsSync(fleet.path('fleet.json')) ? await readReport(fleet) : null
    if (report?.environments[1]?.status === 'changed') break
    await sleep(10)
  }
  await sleep(50)
  kill()
}

describe('secrets and size', () => {
  it('no password of any environment is in what is printed or written', async () => {
    const fleet = await makeFleet(['local', 'prod-b'])
    const postgres = await createTestDatabase(await startPostgres())
    const canaries = makeCanaries()
    const { host, port, user, database } = postgres.target
    const dsn = (password: string) =>
      `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}?sslmode=disable`
    // Unlike a key, so that nothing but having loaded it tells that it is one.
    const fingerprintKey = `${canaries.settingsToken}-long-enough`
    const env = {
      PROD_A_SQL_DSN: dsn(canaries.wrongPassword),
      PROD_C_SQL_DSN: dsn(canaries.dsnPassword),
      PROD_D_SQL_DSN: `mysql://x:${canaries.foreign}@h/x`,
      TIDEGATE_FINGERPRINT_KEY: fingerprintKey,
    }
    // Found in the rows of one environment, and the password of another.
    const value = `see ${canaries.dsnPassword} ${fingerprintKey}`.replaceAll("'", "''")
    await fleet.execute('prod-b', `insert into options values ('Footer', '${value}')`)
    try {
      for (const flags of ['', ' --json', ' --verbose', ' --parallel 4 --fleet-report f.json']) {
        const drift = await fleet.call(`drift --env prod-b,prod-*${flags}`, env)
        const deploy = await fleet.call(`deploy --env prod-*${flags} --wait 0`, env)
        assert.equal(deploy.code, 1)
        const file = flags.includes('f.json') ? await readFile(fleet.path('f.json'), 'utf8') : ''
        const said = drift.stdout + drift.stderr + deploy.stdout + deploy.stderr + file
        assert.match(said, /password|login|authentication/i)
        assert.deepEqual(findCanaries(said, canaries), [], flags)
      }
      // That of an environment which was not even started, and one that only the run itself loads.
      const report = await fleet.report('drift --env prod-* --parallel 2', env)
      assert.deepEqual(results(report).slice(1), [
        'prod-b: different',
        'prod-c: not started',
        'prod-d: not started',
      ])
      assert.match(JSON.stringify(report.environments[1]!.report), /"see \[secret\] \[secret\]"/)
    } finally {
      await postgres.drop()
    }
  })

  it('a report of more than 64 KiB is cut to its small members', async () => {
    const fleet = await makeFleet(['local', 'prod-a', 'prod-b'])
    const rows = Array.from({ length: 300 }, (_, index) => `('Own${index}', 'x')`)
    await fleet.execute('prod-a', `insert into options values ${rows.join()}`)
    const { environments } = await fleet.report('drift --env prod-*')
    const [large, small] = environments.map(({ report }) => report as Record<string, unknown>)
    assert.equal(large!['truncated'], true)
    assert.equal((large!['verdict'] as { status: string }).status, 'different')
    assert.equal('findings' in large!, false)
    assert.ok(JSON.stringify(large).length < 16_384)
    assert.equal('truncated' in small!, false)
    assert.equal('findings' in small!, true)
  })
})
