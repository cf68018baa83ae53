import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { Target } from '../src/database/contract.ts'
import { type Canaries, findCanaries, makeCanaries } from './cli/canaries.ts'
import { createCanaryProject, plantRows, QUOTING_MIGRATIONS } from './cli/canary-project.ts'
import { type Env, loginEnv, seedEnv } from './cli/canary-env.ts'
import { callerIn, inPairs, type Run, runnerIn } from './cli/runs.ts'
import { forEachDialect } from './support/databases.ts'
import { executeRaw } from './support/raw.ts'

type Step = readonly [line: string, code: number, env?: Env]

/** What is printed without a flag is printed with --verbose too. */
const MODES = ['--json', '--verbose']

/** In an order in which each has something to do. */
const STORY: readonly Step[] = [
  ['migrate status', 2],
  ['migrate plan', 2],
  ['migrate plan --dialect postgres', 0],
  ['migrate up', 0],
  ['migrate redo --step 2', 0],
  ['seed status', 2],
  ['seed plan', 2],
  ['seed apply', 0],
  ['deploy', 2],
  ['migrate verify', 0],
  ['lock status', 0],
  ['lock release', 1],
  ['migrate repair nothing --reason x', 1],
  ['migrate baseline --reason x', 0],
  // The seed wrote to a row after the migration had.
  ['migrate down --step 9', 1],
]

function usageSteps({ apiKey, dsnPassword }: Canaries): Step[] {
  const dsn = `postgres://u:${dsnPassword}@h/db`
  return [
    ['--help', 0],
    ['deploy --help', 0],
    ['--version', 0],
    [`deploy ${dsn}`, 1],
    [`deploy --url ${dsn}`, 1],
    [`--url=${dsn}`, 1],
    [apiKey, 1],
    [`deploy --adopt ${apiKey}`, 1],
    [`deploy --wait ${apiKey}`, 1],
    [`deploy --env ${apiKey}`, 1],
    [`migrate plan --dialect ${apiKey}`, 1],
    [`migrate create ${apiKey}`, 1],
    [`migrate up --to ${apiKey}`, 1],
    ['deploy --config bad.config.ts', 1],
  ]
}

/** Variables that are wrong, so that something must be said about them. */
function faultySteps(canaries: Canaries): Step[] {
  const { urlPassword, dsnPassword, apiKey, wrongPassword } = canaries
  const dsn = (password: string) => ({ SQL_DSN: `postgres://u:${password}@127.0.0.1:1/d` })
  return [
    ['deploy', 1, dsn(dsnPassword)],
    ['deploy', 1, dsn(`${wrongPassword}/x`)],
    ['deploy', 1, { SQL_DSN: `host=h password=${dsnPassword}` }],
    ['deploy', 1, { SQL_DSN: `root:${dsnPassword}@tcp(h)/db` }],
    ['deploy --wait 0s', 1, dsn(encodeURIComponent(dsnPassword))],
    ['deploy', 1, { BLTCY_BASE_URL: `https://u:${urlPassword}@h.example` }],
    ['deploy', 1, { BLTCY_BASE_URL: `https://h.example/?key=${urlPassword}` }],
    ['deploy', 1, { BLTCY_BASE_URL: urlPassword }],
    ['deploy', 1, { BLTCY_API_KEY: `${apiKey}\n` }],
    ['deploy', 1, { BLTCY_API_KEY: apiKey, BLTCY_API_KEY_FILE: 'key' }],
    ['deploy', 1, { BLTCY_CHANNEL_TYPE: apiKey }],
    ['deploy', 1, { BLTCY_API_KEY: undefined, BLTCY_API_KEY_FILE: 'bad.config.ts/x' }],
    ['deploy', 1, { TIDEGATE_WAIT: apiKey, TIDEGATE_LOCK_TIMEOUT: apiKey }],
  ]
}

forEachDialect((dialect, create) => {
  const canaries = makeCanaries()
  const printed: string[] = []

  it('no command prints a secret, whatever happens', async () => {
    const project = await createCanaryProject(canaries)
    after(() => project.remove())
    const { target } = await create({ fixture: 'n26' })
    const at = () => Promise.resolve(project)
    const base = { ...(await loginEnv(target, canaries)), ...seedEnv(canaries) }
    const checked =
      (run: Run, mode: string) =>
      async ([line, code, env]: Step) => {
        const result = await run(`${line} ${mode}`, { ...base, ...env })
        const text = `${result.stdout}\n${result.stderr}`
        printed.push(text)
        assert.deepEqual(findCanaries(text, canaries), [], `${line} ${mode} printed:\n${text}`)
        assert.equal(result.code, code, `${line} ${mode}: ${text}`)
      }
    const call = callerIn(at)
    await plantRows(target, canaries)
    for (const mode of MODES) {
      const check = checked(call, mode)
      for (const step of [...usageSteps(canaries), ...faultySteps(canaries)]) await check(step)
      for (const step of STORY) await check(step)
      await executeRaw(target, restored(canaries))
    }
    await inPairs(['', '--json', '--verbose'], (mode) =>
      checked(runnerIn(at), mode)(['seed plan', 1]),
    )
    for (const mode of ['--verbose', '--json']) {
      await forcedErrors(target, project, checked(call, mode))
      await executeRaw(target, restored(canaries))
    }
    assert.deepEqual(findCanaries(await project.names(), canaries), [], 'names of files')
    assert.ok(printed.join('').length > 20_000, 'the commands did print')
  })

  if (dialect === 'postgres') {
    it('a refused password is not printed', async () => {
      const project = await createCanaryProject(canaries)
      after(() => project.remove())
      const { target } = await create({ fixture: 'n26' })
      assert.ok(target.dialect === 'postgres')
      const { user, host, port, database } = target
      const dsn = (login: string) =>
        `postgres://${login}@${host}:${port}/${database}?sslmode=disable`
      const wrong: Env[] = [
        { SQL_DSN: dsn(`${user}:${encodeURIComponent(canaries.wrongPassword)}`) },
        { SQL_DSN: dsn(user), DATABASE_PASSWORD_FILE: 'password' },
        { SQL_DSN: dsn(user), PGPASSWORD: canaries.pgPassword },
      ]
      const call = callerIn(() => Promise.resolve(project))
      for (const env of wrong) {
        for (const mode of MODES) {
          const { code, stdout, stderr } = await call(`deploy ${mode}`, {
            ...seedEnv(canaries),
            ...env,
          })
          assert.deepEqual(findCanaries(stdout + stderr, canaries), [])
          assert.equal(code, 1)
          assert.match(stdout + stderr, /refused the password of user/)
        }
      }
    })
  }
})

const OWN_TABLES = ['ledger', 'runs', 'journal', 'seeds', 'base']

/** As it was planted, so that the next round has everything to do again. */
function restored({ oldKey }: Canaries): string {
  const drops = OWN_TABLES.map((name) => `drop table if exists tidegate_${name};`)
  return `update channels set "key" = '${oldKey}', models = ',runway,', base_url = '' where id = 1;
    delete from abilities; delete from channels where id <> 1; ${drops.join(' ')}`
}

type Project = Awaited<ReturnType<typeof createCanaryProject>>

async function forcedErrors(
  target: Target,
  project: Project,
  check: (step: Step) => Promise<void>,
): Promise<void> {
  await check(['deploy', 2])
  for (const [name, text] of Object.entries(QUOTING_MIGRATIONS)) {
    const path = `migrations/9001-${name}.ts`
    await project.write(path, text)
    // SQLite casts whatever it is given.
    const fails = !(target.dialect === 'sqlite' && name === 'long')
    await check(['migrate up', fails ? 1 : 0])
    if (!fails) await check(['migrate down', 0])
    await project.delete(path)
  }
  await executeRaw(target, `update channels set models = 'changed after 0003'`)
  await check(['migrate down --step 2', 1])
  await secretOption(project, check)
  await executeRaw(
    target,
    `insert into channels (id, type, name, "key", models, "group")
    select id + 1, type, name, "key", models, "group" from channels;
    delete from tidegate_base;`,
  )
  await check(['deploy', 1])
}

/** An option that holds a secret, and a seed that throws one. */
async function secretOption(project: Project, check: (step: Step) => Promise<void>): Promise<void> {
  await project.write(
    'seeds/option.ts',
    `export default { description: '', inputs: {}, rows: () => ({ options: [{ key: 'SMTPToken', value: 'new' }] }) }`,
  )
  await check(['seed plan', 2])
  await project.delete('seeds/option.ts')
}
