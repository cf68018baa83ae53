import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { DRIFT_FORMATS } from '../../src/report/drift/formats.ts'
import { forEachDialect } from '../support/databases.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { type Canaries, findCanaries, makeCanaries } from './canaries.ts'
import { type Env, loginEnv, seedEnv } from './canary-env.ts'
import { createCanaryProject, plantEmbedded, plantRows } from './canary-project.ts'
import { callerIn, envOf, type Run } from './runs.ts'

const startServer = sharedPostgres()

type Step = readonly [line: string, code: number, env?: Env]

/** What is printed, and whether both sides share a key for their fingerprints. */
const MODES = [
  ['--json', false],
  ['--verbose', true],
] as const

/** Everything that is compared, in every format, with a key that both sides share and without. */
function comparisonSteps(canaries: Canaries, withKey: boolean): Step[] {
  const env = withKey ? { TIDEGATE_FINGERPRINT_KEY: canaries.fingerprintKey } : {}
  const outputs = ['md', 'html', 'json', 'jsonl', 'sarif', 'xml', 'txt']
    .map((end) => `--output out.${end}`)
    .join(' ')
  const steps: Step[] = [
    ...DRIFT_FORMATS.map((format): Step => [`drift --format ${format}`, 2]),
    [`drift ${outputs}`, 2],
    ['drift --explain --from production --to local', 2],
    ['drift --from seeds', 2],
    ['snapshot save --env production --with-customers', 0],
    ['snapshot save --env local out.jsonl', 0],
    ['snapshot verify out.jsonl', 0],
    ['drift --to snapshots/production.jsonl', 2],
    ['drift --from seeds --to snapshots/production.jsonl', 2],
    ['drift --base out.jsonl', 2],
    ['drift render out.json', 2],
    ['accept ACCEPTED --reason because --owner ops', 0],
    ['accept --prune', 0],
    ['drift', 2],
  ]
  return steps.map(([line, code]) => [line, code, env])
}

function failingComparisons({
  apiKey,
  dsnPassword,
  fingerprintKey,
  urlPassword,
}: Canaries): Step[] {
  const dsn = `postgres://u:${dsnPassword}@127.0.0.1:1/d`
  return [
    [`drift --to ${dsn}`, 1],
    [`drift --from ${apiKey}`, 1],
    [`drift --base ${apiKey}`, 1],
    [`drift --output ${apiKey}`, 1],
    [`drift --fail-on ${apiKey}`, 1],
    [`drift render ${apiKey}`, 1],
    [`drift render bad.config.ts`, 1],
    [`snapshot verify bad.config.ts`, 1],
    [`accept ${apiKey} --reason r --owner o`, 1],
    [`accept 000000000000 --reason r --owner o --expires ${apiKey}`, 1],
    ['drift', 1, { PRODUCTION_DATABASE_URL: dsn }],
    ['snapshot save --env production', 1, { PRODUCTION_DATABASE_URL: dsn }],
    ['drift', 1, { TIDEGATE_FINGERPRINT_KEY: fingerprintKey.slice(0, 31) }],
    ['drift', 1, { TIDEGATE_FINGERPRINT_KEY: `${fingerprintKey}\n` }],
    ['drift --from seeds', 1, { BLTCY_BASE_URL: `https://u:${urlPassword}@h.example` }],
    ['drift', 1, { TIDEGATE_ACCEPTED: 'bad.config.ts' }],
  ]
}

forEachDialect((dialect, create) => {
  const canaries = makeCanaries()

  it('no comparison prints or writes a secret, whatever happens', async () => {
    const project = await createCanaryProject(canaries)
    after(() => project.remove())
    const { target } = await create({ fixture: 'n26' })
    const other = await otherDatabase(dialect)
    const others = makeCanaries()
    await plantRows(target, canaries)
    await plantEmbedded(target, canaries)
    await plantRows(other, others)
    await plantEmbedded(other, others)
    const base = {
      ...seedEnv(canaries),
      ...prefixed('LOCAL', await loginEnv(target, canaries)),
      ...prefixed('PRODUCTION', envOf(other)),
    }
    const call = callerIn(() => Promise.resolve(project))
    const check = async ([line, code, env]: Step, mode: string): Promise<void> => {
      const id = line.includes('ACCEPTED') ? await firstId(call, { ...base, ...env }) : ''
      const result = await call(`${line.replace('ACCEPTED', id)} ${mode}`, { ...base, ...env })
      const text = `${result.stdout}\n${result.stderr}`
      assert.deepEqual(
        [...findCanaries(text, canaries), ...findCanaries(text, others)],
        [],
        `${line} ${mode} printed:\n${text}`,
      )
      assert.equal(result.code, code, `${line} ${mode}: ${text}`)
    }
    for (const [mode, withKey] of MODES) {
      for (const step of comparisonSteps(canaries, withKey)) await check(step, mode)
      for (const step of failingComparisons(canaries)) await check(step, mode)
    }
    const written = await project.written()
    assert.ok(written.size >= 9, [...written.keys()].join(' '))
    for (const [name, text] of written)
      assert.deepEqual([...findCanaries(text, canaries), ...findCanaries(text, others)], [], name)
  })
})

/** A database of the other dialect, dropped after the tests. */
async function otherDatabase(dialect: Target['dialect']): Promise<Target> {
  const made =
    dialect === 'postgres'
      ? await createSqliteFile({ fixture: 'n26' })
      : await createTestDatabase(await startServer(), { fixture: 'n26' })
  after(() => made.drop())
  return made.target
}

function prefixed(prefix: string, { SQL_DSN, SQLITE_PATH }: Env): Env {
  return SQLITE_PATH === undefined
    ? { [`${prefix}_DATABASE_URL`]: SQL_DSN }
    : { [`${prefix}_SQLITE_PATH`]: SQLITE_PATH }
}

async function firstId(call: Run, env: Env): Promise<string> {
  const report = (await call('drift --json', env)).json() as unknown as DriftReport
  return report.findings.find(({ kind }) => kind !== 'acceptance')!.id
}
