import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { SEED_ENV } from '../support/cli.ts'
import { forEachDialect, OPEN_OPTIONS } from '../support/databases.ts'
import type { Target } from '../../src/database/contract.ts'
import Sqlite from 'better-sqlite3'
import { openDatabase } from '../../src/database/open.ts'
import { callerIn, envOf, inPairs, runnerIn, testProject } from './runs.ts'

const project = testProject()
const run = runnerIn(project)
const call = callerIn(project)

/** Each in turn on one database: what it answers, and with which exit code. */
const STORY = [
  { line: 'migrate status', code: 2, has: { command: 'migrate status' } },
  { line: 'migrate plan', code: 2, has: { command: 'migrate plan' } },
  { line: 'migrate verify', code: 0, has: { migrations: [] } },
  { line: 'seed plan', code: 1, error: 'seed' },
  { line: 'migrate up --step 1', code: 0, has: { status: 'changed' } },
  { line: 'deploy', code: 2, has: { command: 'deploy', status: 'changed', verified: true } },
  { line: 'deploy --no-doctor', code: 0, has: { status: 'unchanged' } },
  { line: 'seed plan', code: 0, has: { status: 'settled' } },
  { line: 'seed status', code: 0, has: { command: 'seed status' } },
  { line: 'seed apply', code: 0, has: { status: 'unchanged' } },
  { line: 'migrate status', code: 0, has: { command: 'migrate status' } },
  { line: 'migrate plan', code: 0, has: { migrations: [] } },
  { line: 'migrate verify', code: 0, has: { command: 'migrate verify' } },
  { line: 'migrate redo', code: 0, has: { status: 'changed' } },
  { line: 'migrate repair nothing --reason x', code: 1, error: 'ledger' },
  { line: 'migrate baseline --reason x', code: 0, has: { marked: [] } },
  { line: 'lock status', code: 0, has: { held: false } },
  { line: 'migrate down --step 9', code: 0, has: { status: 'changed' } },
] as const

forEachDialect((_dialect, create) => {
  it('every command answers with one document, and the exit code that says it', async () => {
    const { target } = await create({ fixture: 'n26' })
    for (const step of STORY) {
      const result = await call(`${step.line} --json --quiet`, envOf(target))
      assert.equal(result.code, step.code, `${step.line}: ${result.stdout} ${result.stderr}`)
      const document = result.json()
      if ('error' in step) {
        assert.equal((document['error'] as { code: string }).code, step.error)
        assert.equal(result.stderr, '')
        continue
      }
      for (const [name, value] of Object.entries(step.has))
        assert.deepEqual(document[name], value, step.line)
    }
  })

  describe('a lock that another session holds', () => {
    it('is waited for, then 75', async () => {
      const { target } = await create({ fixture: 'n26' })
      const env = envOf(target)
      const during = async () => {
        const text = await run('deploy --no-doctor --lock-timeout 1s', env)
        const json = await call('deploy --no-doctor --lock-timeout 1s --json', env)
        const status = await call('lock status --json', env)
        assert.equal(text.code, 75, text.stderr)
        assert.equal(text.stdout, '')
        assert.match(text.stderr, /error: .*\nnext: .*tidegate lock status/)
        assert.equal(json.code, 75)
        assert.equal((json.json()['error'] as { code: string }).code, 'lock-busy')
        assert.equal(status.code, 2)
        assert.equal(status.json()['held'], true)
      }
      await whileLocked(target, during)
      const { code, stderr } = await call('deploy --no-doctor --lock-timeout 1s', env)
      assert.equal(code, 0, stderr)
    })
  })
})

async function whileLocked(target: Target, body: () => Promise<void>): Promise<void> {
  if (target.dialect === 'sqlite') {
    await withSqliteAsync(target, body)
    return
  }
  const database = await openDatabase(target, OPEN_OPTIONS)
  try {
    await database.withLock({ timeoutMs: 5_000 }, body)
  } finally {
    await database.close()
  }
}

async function withSqliteAsync(
  target: Extract<Target, { dialect: 'sqlite' }>,
  body: () => Promise<void>,
) {
  const handle = new Sqlite(target.path)
  try {
    handle.exec('begin immediate')
    await body()
    handle.exec('rollback')
  } finally {
    handle.close()
  }
}

describe('streams', () => {
  it('stdout has the result only; --quiet silences progress, --verbose says more', async () => {
    const folder = (await project()).folder
    const results = await inPairs(['--quiet', '', '--verbose'], async (flag) => {
      const path = join(folder, `${flag || 'plain'}.db`)
      const env = {
        SQL_DSN: 'local',
        SQLITE_PATH: path,
        BLTCY_CHANNEL_TYPE: '20',
        FORCE_COLOR: '1',
      }
      const { code, stdout, stderr } = await run(`deploy ${flag}`, {
        ...env,
        ...SEED_ENV,
        NO_COLOR: '1',
      })
      assert.equal(code, 0, stderr)
      assert.match(stdout, /^step +result +detail\nconnect .*\nmigrate .*\nseed .*\ncheck /)
      assert.ok(!(stdout + stderr).includes('\u001b'))
      return stderr
    })
    const [quiet, plain, verbose] = results
    assert.ok(!quiet!.includes('applied 0001'), quiet)
    assert.match(plain!, /applied 0001-gateway-core-tables/)
    assert.match(verbose!, /environment local: .*from SQLITE_PATH/)
    assert.ok(quiet!.includes('warning: channel type 20'), 'a warning is not progress')
  })
})
