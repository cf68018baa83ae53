import assert from 'node:assert/strict'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { assertUsable, readPlanFile } from '../../src/apply/plan-file.ts'
import { Secret } from '../../src/secret.ts'
import { forEachDialect } from '../support/databases.ts'
import { hostileValues } from '../support/hostile.ts'
import { executeRaw } from '../support/raw.ts'
import { activeIn } from './runs.ts'
import { channel, KEYS, type SyncPair, syncPair } from './sync-pair.ts'

const REFERENCE = '--secret channels/new=env:NEW_KEY'

const PLAN_KEY = 'sk-test-plan-key-0123456789abcdef'

const VERDICT = 'Plan: 2 rows to write in production (1 new, 1 changed), 0 to delete; 1 left alone'

forEachDialect((dialect, create) => {
  const pair = syncPair(create)
  beforeEach(() => pair().reset())

  it('shows what push would write, and writes nothing', async () => {
    const before = await pair().dump()
    const { code, stdout, stderr } = await pair().call('plan')
    assert.equal(code, 2, stderr)
    assert.equal(stdout.split('\n')[0], VERDICT)
    assert.match(stdout, /^~ channels "changed" "1" \(the two sides differ\) [0-9a-f]{12}$/m)
    assert.match(stdout, /^ {4}priority: "1" → "7"$/m)
    assert.match(stdout, /^ {4}models: added "mini"$/m)
    assert.match(stdout, /^ {2}channels "other" "1": /m)
    assert.match(stdout, /^\$ tidegate push --from local --to production$/m)
    assert.deepEqual(await pair().dump(), before)
    assert.deepEqual(keysIn(stdout + stderr), [])
  })

  // What follows does not depend on the database that is compared with.
  if (dialect === 'sqlite') testOutput(pair)
})

function keysIn(text: string): string[] {
  return Object.values(KEYS).filter((key) => text.includes(key))
}

function testOutput(pair: () => SyncPair): void {
  const call = (line: string, env = {}) => pair().call(`plan ${line}`.trim(), env)

  it('writes a plan for apply and texts for people, all of them private and without a key', async () => {
    const line = `--output a.json -o a.md -o a.txt ${REFERENCE} --expires 7d`
    const { code, stdout, stderr } = await call(line, { NEW_KEY: KEYS.fresh })
    assert.equal(code, 2, stderr)
    const [text, markdown, json] = await Promise.all(
      ['a.txt', 'a.md', 'a.json'].map((name) => pair().file(name)),
    )
    assert.equal(text, stdout)
    assert.match(markdown!, /^\*\*Plan: 2 rows to write in `production`/)
    assert.match(stdout, /^\$ tidegate apply a\.json$/m)
    assert.match(stderr, /wrote the plan to .*a\.json, without a seal; it expires at 20/)
    assert.deepEqual(keysIn(stdout + stderr + text + markdown + json), [])
    for (const name of ['a.json', 'a.md', 'a.txt']) {
      assert.equal((await stat(join(pair().folder, name))).mode & 0o777, 0o600, name)
    }
    const { plan, createdAt, expiresAt } = await readPlanFile(
      join(pair().folder, 'a.json'),
      'a.json',
    )
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 7 * 86_400_000)
    assert.deepEqual(
      plan.items.map(({ key }) => key[0]),
      ['changed', 'new'],
    )
  })

  it('is one document with --json, and Markdown with --format', async () => {
    const document = (await call('--json')).json()
    const { command, status, counts, next } = document
    assert.deepEqual([command, status], ['plan', 'pending'])
    assert.deepEqual(counts, { insert: 1, update: 1, delete: 0, left: 1 })
    assert.equal(next, 'tidegate push --from local --to production')
    assert.match((await call('--format markdown')).stdout, /^\*\*Plan: 2 rows/)
  })

  it('repeats the choice in the command that writes it', async () => {
    const { stdout } = await call(
      '--select channels/changed --tables channels --overwrite --delete',
    )
    assert.match(
      stdout,
      /^\$ tidegate push --from local --to production --tables channels --select channels\/changed --overwrite --delete --max-deletes 5$/m,
    )
  })

  it('exits 0 when there is nothing to write, and a plan of that can be applied', async () => {
    await executeRaw(pair().local, `delete from channels; delete from abilities`)
    const { code, stdout, stderr } = await call('-o none.json')
    assert.equal(code, 0, stderr)
    assert.equal(stdout.split('\n')[0], 'Plan: nothing to write in production; 2 left alone')
    assert.doesNotMatch(stdout, /^\$/m)
    const applied = await pair().call('apply none.json --json')
    assert.equal(applied.code, 0, applied.stderr)
    assert.equal(applied.json()['status'], 'settled')
  })

  it('seals the file where a key is set', async () => {
    const file = join(pair().folder, 'plan.key')
    await writeFile(file, `${PLAN_KEY}\n`, { mode: 0o600 })
    for (const env of [{ TIDEGATE_PLAN_KEY: PLAN_KEY }, { TIDEGATE_PLAN_KEY_FILE: file }]) {
      const { code, stdout, stderr } = await call(`-o b.json ${REFERENCE}`, {
        ...env,
        NEW_KEY: KEYS.fresh,
      })
      assert.equal(code, 2, stderr)
      assert.match(stderr, /b\.json, sealed; /)
      const document = await readPlanFile(join(pair().folder, 'b.json'), 'b.json')
      assertUsable(document, { key: new Secret(PLAN_KEY), now: new Date(), shown: 'b.json' })
      assert.ok(!(stdout + stderr + (await pair().file('b.json'))).includes(PLAN_KEY))
    }
  })

  it('shows hostile names and values inertly', async () => {
    // What SQLite takes in a statement.
    const isText = (value: string): boolean => value.isWellFormed() && !value.includes('\0')
    const names = hostileValues(60).filter((value) => isText(value) && value !== '')
    const rows = names.map((name, index) => channel({ id: 100 + index, name, key: KEYS.local }))
    await executeRaw(pair().local, rows.join(''))
    for (const line of ['', '--json', '--format markdown']) {
      const { stdout, stderr } = await call(line)
      assert.ok(stdout.length > 5_000)
      assert.deepEqual(activeIn((stdout + stderr).replaceAll('\u200b', '')), [], line)
    }
  })

  describe('leaves no file behind', () => {
    const userinfo = `update channels set base_url = 'https://u:${KEYS.local}@a.example' where id = 1`
    const CASES: readonly (readonly [string, string, Record<string, string>, string, RegExp])[] = [
      [
        'a key that only local has',
        '-o c.json',
        {},
        '',
        /only local has those of channels\/new key\n.*--secret 'channels\/new=env:VARIABLE'/,
      ],
      [
        'a password in an address',
        `-o c.json ${REFERENCE}`,
        {},
        userinfo,
        /looks like one is in channels changed 1 base_url/,
      ],
      [
        'a short key',
        `-o c.json ${REFERENCE}`,
        { TIDEGATE_PLAN_KEY: 'short-sk-test' },
        '',
        /TIDEGATE_PLAN_KEY: it has fewer than 32/,
      ],
      [
        'a time of no unit',
        '-o c.json --expires 24',
        {},
        '',
        /--expires takes a time of at most 90 days/,
      ],
      [
        'a time too long',
        '-o c.json --expires 91d',
        {},
        '',
        /--expires takes a time of at most 90 days/,
      ],
      ['a file of no known kind', '-o c.html', {}, '', /the ending of --output says no format/],
      [
        'a folder that is not there',
        `-o none/c.json ${REFERENCE}`,
        {},
        '',
        /the plan cannot be written to/,
      ],
    ]
    for (const [name, line, env, sql, says] of CASES) {
      it(name, async () => {
        if (sql !== '') await executeRaw(pair().local, sql)
        const before = await readdir(pair().folder)
        const { code, stdout, stderr } = await call(line, env)
        assert.equal(code, 1)
        assert.match(stderr, says)
        assert.equal(stdout, '')
        assert.deepEqual(keysIn(stderr), [])
        const { stdout: json } = await call(`${line} --json`, env)
        assert.ok('error' in (JSON.parse(json) as object))
        assert.deepEqual(await readdir(pair().folder), before)
      })
    }
  })

  after(() => rm(join(pair().folder, 'plan.key'), { force: true }))
}
