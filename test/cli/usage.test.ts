import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { callerIn, inPairs, runnerIn, testProject } from './runs.ts'

const project = testProject()
const run = runnerIn(project)
const call = callerIn(project)

const STEPS = ['up', 'down', 'redo', 'status', 'plan', 'create', 'verify', 'repair', 'baseline']

const COMMANDS = ['', 'deploy', 'migrate', 'seed', 'lock'].concat(
  STEPS.map((name) => `migrate ${name}`),
  ['seed plan', 'seed apply', 'seed status', 'lock status', 'lock release'],
)

describe('help', () => {
  it('of every command is on stdout, says what it does and lists the flags', async () => {
    const results = []
    for (const command of COMMANDS) {
      results.push({ command, ...(await call(`${command} --help`)) })
    }
    for (const { command, code, stdout, stderr } of results) {
      assert.equal(code, 0, command)
      assert.equal(stderr, '', command)
      assert.ok(stdout.startsWith(`tidegate ${command === '' ? '<command>' : command}`), stdout)
      for (const flag of ['--env', '--json', '--quiet', '--verbose'])
        assert.ok(stdout.includes(flag))
      assert.ok(
        stdout.split('\n').every((line) => line.length <= 100),
        'lines of 100 columns',
      )
    }
    assert.match(results[0]!.stdout, /Exit codes: 0 done, 1 error, 2 found something, 75 lock busy/)
  })

  it('names every command of a group, and gives examples', async () => {
    const [all, deploy] = await inPairs(['migrate --help', 'deploy --help'], (line) => run(line))
    for (const name of STEPS) {
      assert.match(all!.stdout, new RegExp(`tidegate migrate ${name} `))
    }
    assert.match(deploy!.stdout, /Examples:\n {2}tidegate deploy /)
    for (const flag of ['--wait', '--lock-timeout', '--adopt', '--re-enable'])
      assert.ok(deploy!.stdout.includes(flag))
  })

  it('--version says the version of the package', async () => {
    const manifest = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    )
    const { code, stdout, stderr } = await run('--version')
    assert.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: `${manifest.version}\n`, stderr: '' },
    )
  })
})

const SECRET = 'sk-test-4f9a1c'

interface Wrong {
  readonly line: string
  readonly says: RegExp
}

const GENERIC = /an argument is not understood; connections and keys come from variables/

const WRONG: readonly Wrong[] = [
  { line: '', says: /a command is missing/ },
  { line: 'migrate', says: /a command is missing after migrate/ },
  { line: 'deplyo', says: /there is no such command; did you mean deploy\?/ },
  { line: 'migrate upp', says: /there is no such command; did you mean up\?/ },
  { line: 'nonsense', says: /unknown argument: nonsense/ },
  { line: 'deploy --nonsense', says: /unknown argument: nonsense/ },
  { line: 'push --dry-run', says: /unknown argument: dry-run$/m },
  { line: 'deploy --wait', says: /--wait needs a value/ },
  { line: 'migrate repair 0001-x', says: /Missing required argument: reason/ },
  { line: 'migrate up --to a --step 1', says: /--to and --step exclude each other/ },
  { line: 'migrate up --step none', says: /--step takes a whole number from 1 up/ },
  { line: 'migrate up --step 0', says: /--step takes a whole number from 1 up/ },
  { line: 'migrate plan --dialect mysql', says: /Choices: "sqlite", "postgres"/ },
  { line: `deploy postgres://u:${SECRET}@h/db`, says: GENERIC },
  { line: `postgres://u:${SECRET}@h/db`, says: GENERIC },
  { line: `deploy ${SECRET}`, says: GENERIC },
  { line: `migrate ${SECRET}`, says: GENERIC },
  { line: `migrate plan --dialect ${SECRET}`, says: GENERIC },
  { line: `deploy --url postgres://u:${SECRET}@h/db`, says: /unknown argument: url/ },
  { line: `deploy --url=postgres://u:${SECRET}@h/db`, says: /unknown argument: url/ },
  { line: `deploy --password ${SECRET}`, says: /unknown argument: password/ },
  { line: `deploy --${SECRET}`, says: GENERIC },
  { line: `deploy --adopt ${SECRET}`, says: /--adopt takes the id of a channel/ },
  { line: `deploy --wait ${SECRET}`, says: /--wait: / },
  { line: `migrate create ${SECRET}_`, says: /a migration is named in lower-case words/ },
  { line: 'lock release', says: /releasing the lock ends the session that holds it/ },
]

describe('a wrong command line', () => {
  it('ends with 1, one clear line, a next step, and echoes nothing pasted', async () => {
    const env = { SQL_DSN: 'local', SQLITE_PATH: 'never.db' }
    const results = []
    for (const wrong of WRONG) results.push({ ...wrong, ...(await call(wrong.line, env)) })
    for (const { line, says, code, stdout, stderr } of results) {
      assert.equal(code, 1, `${line}: ${stderr}`)
      assert.equal(stdout, '', line)
      assert.match(stderr, says, line)
      assert.match(stderr, /^error: /, line)
      assert.ok(!(stdout + stderr).includes(SECRET), `${line} echoes: ${stderr}`)
      assert.ok(!/unexpected|report it/.test(stderr), `${line}: ${stderr}`)
    }
  })

  it('is a JSON document with --json, wherever the flag stands', async () => {
    const lines = [
      '--json deploy --nonsense',
      'deploy --nonsense --json',
      '--json',
      'deploy --wait --json',
    ]
    for (const result of await inPairs(lines, (line) => run(line))) {
      assert.equal(result.code, 1)
      assert.equal(result.stderr, '')
      const { error } = result.json() as { error: Record<string, unknown> }
      assert.deepEqual(Object.keys(error), ['code', 'message', 'nextStep', 'details'])
      assert.equal(error['code'], 'usage')
    }
  })
})
