import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { SEED_ENV } from '../support/cli.ts'
import { forEachDialect } from '../support/databases.ts'
import { describeMessage, startFaultProxy } from '../support/fault-proxy.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { callerIn, envOf, testProject } from './runs.ts'

const project = testProject()
const call = callerIn(project)

const JOURNAL_KEY = 'made-up-journal-key-0123456789abcdef'

forEachDialect((dialect, create) => {
  it('a deployment is listed, shown, asked for, undone, and done again', async () => {
    const { target } = await create({ fixture: 'zeo' })
    const env = { ...envOf(target), TIDEGATE_JOURNAL_KEY: JOURNAL_KEY }
    const none = await call('undo --list', env)
    assert.equal(none.code, 1)
    assert.match(none.stderr, /has no journal/)
    assert.equal((await call('deploy --no-doctor', env)).code, 0)
    const channels = async () =>
      (await queryRaw(target, 'select name from channels')).map(([name]) => String(name))
    const [name] = await channels()

    const { runs } = (await call('undo --list --json', env)).json() as {
      runs: { id: string; command: string; rows: number; tables: string[] }[]
    }
    assert.deepEqual(
      runs.map(({ command, tables }) => [command, tables]),
      [['deploy', ['abilities', 'channels']]],
    )
    const deployed = runs[0]!.id
    const listed = await call('undo --list', env)
    assert.match(listed.stdout, new RegExp(`^run .*undone.*\\n${deployed} .* deploy .* no `, 's'))

    const shown = await call('undo --dry-run', env)
    assert.equal(shown.code, 2)
    assert.match(shown.stdout, new RegExp(`channels \\d+ "${name}" is deleted; abilities -\\d+`))
    const asked = await call(`undo ${deployed}`, env)
    assert.equal(asked.code, 1)
    assert.match(asked.stderr, /nobody can be asked here: add --yes/)
    assert.deepEqual(await channels(), [name])

    const keyless = await call('undo --yes', envOf(target))
    assert.equal(keyless.code, 1)
    assert.match(keyless.stderr, /journalled with another key.*\n.*TIDEGATE_JOURNAL_KEY/)
    const undone = await call('undo --yes --json', env)
    assert.equal(undone.code, 0, undone.stdout)
    const { status, undoneBy } = undone.json() as { status: string; undoneBy: string }
    assert.equal(status, 'changed')
    assert.deepEqual(await channels(), [])
    const again = await call(`undo ${deployed}`, env)
    assert.deepEqual([again.code, again.stdout], [0, `run ${deployed} is undone already\n`])
    const nothing = await call('undo --yes', env)
    assert.deepEqual([nothing.code, nothing.stdout], [0, 'nothing to undo\n'])

    const redone = await call(`undo ${undoneBy} --yes`, env)
    assert.equal(redone.code, 0, redone.stderr)
    assert.deepEqual(await channels(), [name])
    const texts = [listed, shown, asked, undone, redone].map(
      ({ stdout, stderr }) => stdout + stderr,
    )
    for (const secret of [SEED_ENV.BLTCY_API_KEY, JOURNAL_KEY]) {
      assert.ok(texts.every((text) => !text.includes(secret)))
    }
  })

  it('what has moved is named and left, and the rest goes; names are shown without effect', async () => {
    const { target } = await create({ fixture: 'zeo' })
    const env = envOf(target)
    await call('deploy --no-doctor', env)
    await executeRaw(
      target,
      `update channels set name = 'a' || ${dialect === 'sqlite' ? 'char' : 'chr'}(27) || '[31m sk-test-in-a-name', tag = 'x', models = 'm'`,
    )
    const result = await call('undo --yes', env)
    assert.equal(result.code, 2, result.stderr)
    assert.match(
      result.stdout,
      /left alone.*\nchannels \d+ "a\\u\{1b\}\[31m \[secret\]" has been changed/,
    )
    assert.doesNotMatch(result.stdout, /\p{Cc}(?<!\n)|sk-test/u)
    const document = (await call('undo --dry-run --json', env)).stdout
    assert.doesNotMatch(document, /\p{Cc}(?<!\n)|sk-test/u)
    assert.equal((JSON.parse(document) as { status: string }).status, 'settled')
  })
})

forEachDialect((dialect, create) => {
  if (dialect === 'sqlite') return
  it('a COMMIT that is not answered: the error names the run, not to undo another one', async () => {
    const made = await create({ fixture: 'zeo' })
    const target = made.target as PostgresTarget
    await call('deploy --no-doctor', envOf(target))
    const [[run] = []] = await queryRaw(target, 'select id from tidegate_runs')
    let hasWritten = false
    const proxy = await startFaultProxy(target, {
      judge: (message) => {
        const text = describeMessage(message)
        hasWritten ||= text.startsWith('P update tidegate_journal')
        return hasWritten && text === 'Q commit' ? 'cut-after' : 'forward'
      },
    })
    const cut = await call('undo --yes', envOf(proxy.target))
    await proxy.close()
    assert.equal(cut.code, 1)
    assert.match(cut.stderr, new RegExp(`^next: run .tidegate undo ${String(run)}.`, 'm'))
    const again = await call(`undo ${String(run)} --yes`, envOf(target))
    assert.equal(again.stdout, `run ${String(run)} is undone already\n`)
  })
})

describe('the command line', () => {
  const CASES = {
    'undo --list --prune': /exclude each other/,
    'undo made-up --list': /exclude each other/,
  } as const
  for (const [line, problem] of Object.entries(CASES)) {
    it(line, async () => {
      const { code, stderr } = await call(line, { SQLITE_PATH: './none.db' })
      assert.equal(code, 1)
      assert.match(stderr, problem)
    })
  }

  it('a short journal key is refused before anything is written', async () => {
    const env = { SQLITE_PATH: './none.db', TIDEGATE_JOURNAL_KEY: 'too-short' }
    const { code, stderr } = await call('undo --yes', env)
    assert.equal(code, 1)
    assert.match(stderr, /TIDEGATE_JOURNAL_KEY: it has fewer than 32 characters/)
  })
})

forEachDialect((_dialect, create) => {
  it('an unknown run, and a prune', async () => {
    const { target } = await create({ fixture: 'n25' })
    const env = envOf(target)
    await call('deploy --no-doctor', env)
    const unknown = await call('undo 20260101T000000000Z-00000000 --yes', env)
    assert.equal(unknown.code, 1)
    assert.match(unknown.stderr, /next.*tidegate undo --list/)
    await executeRaw(
      target,
      `insert into tidegate_runs (id, command, environment, tool_version, started_at)
       values ('20200101T000000000Z-00000000', 'test', 'test', '0', '2020-01-01T00:00:00.000Z')`,
    )
    const pruned = await call('undo --prune --json', env)
    assert.deepEqual(pruned.json(), { command: 'undo --prune', entries: 0, runs: 1 })
  })
})
