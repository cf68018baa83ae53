import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { FleetReport } from '../../src/report/fleet.ts'
import { SEED_ENV } from '../support/cli.ts'
import { breakDatabase, fleetMaker, NAMES, results, validate } from './fleet-project.ts'

const makeFleet = fleetMaker()

describe('a fleet', () => {
  it('deploys every environment once, and finds nothing to do the second time', async () => {
    const fleet = await makeFleet(NAMES)
    const first = await fleet.call('deploy --env prod-* --parallel 2 --json')
    assert.equal(first.code, 0, first.stdout)
    const report = first.json() as unknown as FleetReport
    assert.ok(validate(report), JSON.stringify(validate.errors))
    assert.deepEqual(
      results(report),
      NAMES.map((name) => `${name}: changed`),
    )
    const lines = first.stderr.trim().split('\n')
    assert.deepEqual(
      lines.map((line) => line.split(' ')[0]),
      ['1/5', '2/5', '3/5', '4/5', '5/5'],
    )

    const second = await fleet.call('deploy --env prod-* --parallel 64')
    assert.equal(second.code, 0)
    const rows = second.stdout.trimEnd().split('\n')
    assert.match(
      rows[1]!,
      /^prod-a +unchanged +0 +\d+ ms +migrations: nothing pending; seeds: no rows$/,
    )
    assert.equal(rows.at(-1), '5 environments: 5 unchanged')
  })

  it("has each run's own report, as the command gives it for one environment", async () => {
    const fleet = await makeFleet(NAMES.slice(0, 2))
    await fleet.call('deploy --env prod-*')
    for (const line of ['deploy', 'doctor --model gpt-4o']) {
      const { environments } = await fleet.report(`${line} --env prod-*`)
      const alone = (await fleet.call(`${line} --env prod-b --json`)).json()
      assert.deepEqual(timeless(environments[1]!.report), timeless(alone), line)
    }
    const { environments } = await fleet.report('drift --from prod-a --env prod-b,prod-a')
    const alone = (await fleet.call('drift --from prod-a --to prod-b --json')).json()
    assert.deepEqual(timeless(environments[1]!.report), timeless(alone))
  })

  it('looks on when something was found, and exits 2', async () => {
    const fleet = await makeFleet(['local', ...NAMES])
    await fleet.execute('prod-b', `insert into options values ('Footer', 'b')`)
    const drift = await fleet.call('drift --env prod-* --json')
    const report = drift.json() as unknown as FleetReport
    assert.deepEqual([drift.code, report.status], [2, 'found'])
    assert.deepEqual(
      results(report),
      NAMES.map((name) => `${name}: ${name === 'prod-b' ? 'different' : 'clean'}`),
    )
    assert.match(report.environments[1]!.what, /\b1 row\b/)
    const doctor = await fleet.call('doctor --env prod-a,prod-c --model missing')
    assert.equal(doctor.code, 2)
    assert.match(doctor.stdout, /^prod-a +findings +2 /m)
    assert.match(doctor.stdout, /2 environments: 2 findings\n$/)
  })

  it('compares with local as its variables say, and leaves local out of its own pattern', async () => {
    const fleet = await makeFleet(['prod-a', 'mine'])
    const { MINE_SQLITE_PATH: SQLITE_PATH, PROD_A_SQLITE_PATH } = fleet.env
    const env = { MINE_SQLITE_PATH: '', SQLITE_PATH, PROD_A_SQLITE_PATH }
    await fleet.execute('mine', `insert into options values ('Footer', 'mine')`)
    const report = await fleet.report('drift --env *', env)
    assert.deepEqual(results(report), ['prod-a: different'])
    assert.match(JSON.stringify(report.environments[0]!.report), /"Footer"/)
  })

  it('pushes local to each of them, and finds nothing to write the second time', async () => {
    const fleet = await makeFleet(['local', ...NAMES.slice(0, 3)])
    await fleet.call('deploy --env prod-*')
    await fleet.execute('local', `insert into options values ('Footer', 'ours')`)
    const first = await fleet.call('push --env * --yes --parallel 2')
    assert.equal(first.code, 0, first.stdout)
    assert.match(first.stdout, /^prod-a +changed +0 +\d+ ms +Wrote 1 row to prod-a/m)
    const second = await fleet.report('push --env * --yes --parallel 3')
    assert.ok(validate(second), JSON.stringify(validate.errors))
    assert.deepEqual(
      results(second),
      NAMES.slice(0, 3).map((name) => `${name}: unchanged`),
    )
    const drift = await fleet.call('drift --env *')
    assert.equal(drift.code, 0, drift.stdout)
  })

  it('never leads an environment to the database that variables without a prefix say', async () => {
    const fleet = await makeFleet(['prod-a', 'prod-b'])
    const config =
      "{ environments: { 'prod-a': { sqlitePath: 'prod-a.db' }, 'prod-b': { sqlitePath: 'prod-b.db' } } }"
    await writeFile(fleet.path('tidegate.config.mjs'), `export default ${config}`)
    const env = { PROD_A_SQLITE_PATH: '', PROD_B_SQLITE_PATH: '', SQLITE_PATH: 'mine.db' }
    const report = await fleet.report('deploy --env prod-*', env)
    assert.deepEqual(results(report), ['prod-a: changed', 'prod-b: changed'])
    assert.equal(existsSync(fleet.path('mine.db')), false)
  })
})

/** Without what differs between two runs. */
function timeless(report: object | null): unknown {
  const moving = new Set(['run', 'connectMs', 'createdAt', 'takenAt', 'connection', 'milliseconds'])
  // How long connecting took.
  for (const name of ['median', 'parts']) moving.add(name)
  return JSON.parse(
    JSON.stringify(report, (name, value: unknown) => (moving.has(name) ? undefined : value)),
  )
}

describe('a failure', () => {
  it('lets its wave end and starts no other', async () => {
    const fleet = await makeFleet(NAMES)
    await breakDatabase(fleet, 'prod-c')
    const { code, stdout, stderr } = await fleet.call('deploy --env prod-* --parallel 2')
    assert.equal(code, 1)
    const rows = stdout.split('\n').slice(1, 6)
    assert.deepEqual(
      rows.map((row) => row.split(/ {2,}/).slice(0, 3)),
      [
        ['prod-a', 'changed', '0'],
        ['prod-b', 'changed', '0'],
        ['prod-c', 'failed', '1'],
        ['prod-d', 'changed', '0'],
        ['prod-e', 'not started', '–'],
      ],
    )
    assert.match(stdout, /5 environments: 3 changed, 1 failed, 1 not started\n$/)
    assert.match(stderr, /^\d\/5 prod-c failed \(\d+ ms\): \S/m)
  })

  const CODES = [
    { name: 'a busy lock is 75', locked: ['prod-b'], broken: [], code: 75 },
    { name: 'an error comes before a busy lock', locked: ['prod-a'], broken: ['prod-b'], code: 1 },
  ] as const
  for (const { name, locked, broken, code } of CODES) {
    it(name, async () => {
      const fleet = await makeFleet(NAMES.slice(0, 3))
      for (const one of broken) await breakDatabase(fleet, one)
      const handles = locked.map((one) => new Sqlite(fleet.path(`${one}.db`)))
      for (const handle of handles) handle.exec('begin immediate')
      const line = 'deploy --env prod-* --parallel 2 --lock-timeout 50ms'
      const result = await fleet.call(line)
      for (const handle of handles) handle.close()
      assert.equal(result.code, code, result.stdout)
      assert.match(result.stdout, /^prod-c +not started/m)
    })
  }

  it('is what exit code 2 means to deploy: a declared model is not routed', async () => {
    const fleet = await makeFleet(NAMES.slice(0, 2))
    const env = { ...SEED_ENV, TIDEGATE_SEEDS: join(import.meta.dirname, '../../seeds') }
    const { code, stdout } = await fleet.call('deploy --env prod-*', env)
    assert.equal(code, 2, stdout)
    assert.match(stdout, /^prod-a +failed +2 +\d+ ms +\w\d+ .*; migrations: /m)
    assert.match(stdout, /^prod-b +not started/m)
  })
})

describe('what a fleet refuses', () => {
  const CASES = [
    ['deploy --env prod-a --parallel 2', 'are for several environments'],
    ['doctor --resume x.json', 'are for several environments'],
    ['drift --fleet-report x.json', 'are for several environments'],
    ['deploy --env prod-* --parallel 0', '--parallel is a whole number'],
    ['deploy --env prod-* --parallel 65', '--parallel is a whole number'],
    ['deploy --env prod-* --parallel 1.5', '--parallel is a whole number'],
    ['deploy --env prod-* --adopt 8', '--adopt is for one environment'],
    ['deploy --env prod-* --reload', '--reload is for one environment'],
    ['drift --env prod-* --to prod-b', '--to is for one environment'],
    ['drift --env prod-* --output x.md', '--output is for one environment'],
    ['doctor --env prod-* --probe http://gateway.example', '--probe is for one environment'],
    ['push --env prod-*', 'need --yes'],
    ['push --env prod-* --yes --to prod-b', '--to is for one environment'],
    ['deploy --env test-*', 'test-* matches no environment; those with a database: prod-a, prod-b'],
    ['deploy --env prod-a,test', 'test matches no environment'],
    ['migrate up --env prod-*', 'an environment is named with'],
  ] as const
  it('what is meant for one environment, and what names none', async () => {
    const fleet = await makeFleet(['prod-a', 'prod-b'])
    const before = await readFile(fleet.path('prod-a.db'))
    for (const [line, message] of CASES) {
      const { code, stdout, stderr } = await fleet.call(line)
      assert.deepEqual([code, stdout], [1, ''], line)
      assert.ok(stderr.includes(message), `${line}: ${stderr}`)
    }
    assert.deepEqual(await readFile(fleet.path('prod-a.db')), before)
  })
})

describe('a large fleet', () => {
  it('leaves no connection, no listener and no warning behind', async () => {
    const names = Array.from({ length: 16 }, (_, index) => `prod-${index + 10}`)
    const fleet = await makeFleet(names)
    const warnings: string[] = []
    const collect = ({ name, message }: Error) => warnings.push(`${name}: ${message}`)
    process.on('warning', collect)
    await fleet.call('deploy --env prod-10,prod-11')
    const listeners = () =>
      process.eventNames().map((name) => process.listenerCount(name as 'exit'))
    const before = [listeners(), readdirSync('/proc/self/fd').length]
    const { code, stdout } = await fleet.call('deploy --env prod-* --parallel 16')
    assert.equal(code, 0, stdout)
    await sleep(0)
    process.removeListener('warning', collect)
    assert.deepEqual(warnings, [])
    process.on('warning', collect)
    assert.deepEqual([listeners(), readdirSync('/proc/self/fd').length], before)
    process.removeListener('warning', collect)
  })
})
