import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { beforeEach, describe, it } from 'node:test'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { PLACEHOLDER, type Pulling, pullingOf } from './pulling.ts'
import { KEYS, keysIn, syncPair } from './sync-pair.ts'
import { ends, everything } from './sync-state.ts'

interface Json {
  readonly status: string
  readonly left: readonly { table: string; key: readonly string[]; code: string }[]
}

forEachDialect((_dialect, create) => {
  const pair = syncPair(create)
  beforeEach(() => pair().reset())
  const pulling = (): Pulling => pullingOf(pair())

  describe('into a database that has rows', () => testPull(pulling))
  describe('after both sides agreed', () => testEdits(pulling))
})

function testPull(pulling: () => Pulling): void {
  it('writes what differs, keeps local ids, keys and rows, and a second one writes nothing', async () => {
    const { call, channels, here } = pulling()
    const first = await call('pull')
    assert.equal(first.code, 0, first.stderr)
    assert.match(first.stdout, /^Wrote 2 rows to local \(1 new, 1 changed\), deleted 0$/m)
    assert.deepEqual(keysIn(first), [])
    assert.deepEqual(await channels(), [
      ['changed', KEYS.production, 'gpt-5,mini', '7'],
      ['new', PLACEHOLDER, 'gpt-5', '0'],
      ['other', KEYS.production, 'gpt-5', '0'],
    ])
    const secrets = `select setting, other, header_override from channels where name = 'new'`
    assert.deepEqual(await queryRaw(here, secrets), [[null, '', null]])
    assert.equal(
      String(await queryRaw(here, `select id from channels where name = 'changed'`)),
      '11',
    )
    const abilities = `select count(*) from abilities a join channels c on c.id = a.channel_id`
    assert.equal(String(await queryRaw(here, abilities)), '4')
    const before = await everything({ target: here })
    const bytes = here.dialect === 'sqlite' ? readFileSync(here.path) : null
    const second = await call('pull')
    assert.equal(second.code, 0, second.stderr)
    assert.match(second.stdout, /^Plan: nothing to write in local; 1 left alone$/m)
    assert.deepEqual(await everything({ target: here }), before)
    if (here.dialect === 'sqlite') assert.ok(bytes!.equals(readFileSync(here.path)))
  })

  it('only shows it with --dry-run', async () => {
    const { call, here } = pulling()
    const before = await everything({ target: here })
    const { code, stdout, stderr } = await call('pull --dry-run')
    assert.equal(code, 2, stderr)
    assert.match(stdout, /^Plan: 2 rows to write in local \(1 new, 1 changed\)/)
    assert.deepEqual(await everything({ target: here }), before)
  })

  it('brings tokens only where they are asked for, for users who are here, without their keys', async () => {
    const { call, here, there } = pulling()
    const user = (id: number, name: string) =>
      `insert into users (id, username, password, aff_code) values (${id}, '${name}', 'x', '${name}');`
    const token = (id: number, userId: number, name: string) =>
      `insert into tokens (id, user_id, key, name) values (${id}, ${userId}, 'sktesttoken${id}', '${name}');`
    await executeRaw(here, `delete from tokens; delete from users; ${user(5, 'ann')}`)
    await executeRaw(
      there,
      `delete from tokens; delete from users; ${user(1, 'ann')} ${user(2, 'bob')}
       ${token(1, 1, 'hers')} ${token(2, 2, 'his')}`,
    )
    const tokens = () => queryRaw(here, 'select cast(user_id as text), name, key from tokens')
    assert.equal((await call('pull')).code, 0)
    assert.deepEqual(await tokens(), [])
    const { code, stdout, stderr } = await call('pull --tables tokens')
    assert.equal(code, 0, stderr)
    assert.match(stderr + stdout, /Wrote 1 row to local/)
    const [[userId, name, key] = []] = await tokens()
    assert.deepEqual([userId, name], ['5', 'hers'])
    assert.match(String(key), /^tidegate-placeholder-[0-9a-z]{27}$/)
    assert.equal((await call('pull --tables tokens --dry-run')).code, 0)
  })

  it('takes a snapshot file in the place of production', async () => {
    const { call, channels } = pulling()
    const saved = await call('snapshot save --env production pulled.jsonl')
    assert.equal(saved.code, 0, saved.stderr)
    const none = { PRODUCTION_SQLITE_PATH: '/nowhere/none.db' }
    const { code, stderr } = await call('pull --from ./pulled.jsonl', none)
    assert.equal(code, 0, stderr)
    const names = (await channels()).map(([name]) => name)
    assert.deepEqual(names, ['changed', 'new', 'other'])
    assert.equal((await call('pull --from ./pulled.jsonl --dry-run', none)).code, 0)
  })

  it('into another environment only after a question', async () => {
    const { call, here } = pulling()
    const env = { STAGING_SQLITE_PATH: undefined, STAGING_SQL_DSN: undefined }
    const named = ends(here, here)
    const staging = {
      ...env,
      STAGING_SQL_DSN: named['SQL_DSN'],
      STAGING_SQLITE_PATH: named['SQLITE_PATH'],
    }
    const before = await everything({ target: here })
    const asked = await call('pull --to staging', staging)
    assert.equal(asked.code, 1)
    assert.match(asked.stderr, /nobody can be asked here: add --yes/)
    assert.deepEqual(await everything({ target: here }), before)
    assert.equal((await call('pull --to staging --yes', staging)).code, 0)
  })
}

const KEPT =
  /^ +channels "changed" "1": priority changed in local since both agreed: it is kept; push it, or take that of production with --overwrite or --select ([0-9a-f]{12}) \1$/m

function testEdits(pulling: () => Pulling): void {
  const edit = (cells: string) => `update channels set ${cells} where name = 'changed'`

  it('remembers what both sides changed alike, which nothing takes back', async () => {
    const { call, here, there } = pulling()
    assert.equal((await call('pull')).code, 0)
    for (const side of [here, there]) await executeRaw(side, edit(`tag = 'both'`))
    const shown = await call('pull --json')
    assert.deepEqual(
      [shown.code, shown.json()['status'], shown.json()['undo']],
      [0, 'changed', null],
    )
    for (const side of [here, there]) await executeRaw(side, edit(`tag = 'again'`))
    const { code, stdout, stderr } = await call('pull')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^Wrote no row, and remembered in local what both sides agree on$/m)
    assert.doesNotMatch(stdout, /undo/)
  })

  it('keeps what was edited here, and says what to do', async () => {
    const { call, channels, here, there } = pulling()
    assert.equal((await call('pull')).code, 0)
    await executeRaw(here, edit('priority = 3'))
    await executeRaw(there, edit(`tag = 'theirs'`))
    const { code, stdout, stderr } = await call('pull')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /Wrote 1 row to local \(0 new, 1 changed\)/)
    const shown = await call('pull --dry-run')
    assert.equal(shown.code, 0)
    for (const text of [stdout, shown.stdout]) assert.match(text, KEPT)
    assert.equal((await channels())[0]![3], '3')
    assert.deepEqual(await queryRaw(here, `select tag from channels where name = 'changed'`), [
      ['theirs'],
    ])
  })

  it('names every row that it leaves alone, asked or not, and in JSON', async () => {
    const { call, here, there } = pulling()
    assert.equal((await call('pull')).code, 0)
    const round = async (tag: string): Promise<void> => {
      await executeRaw(there, `update channels set tag = '${tag}' where name = 'new'`)
    }
    await executeRaw(here, edit('priority = 3'))
    await executeRaw(there, edit('priority = 5'))
    const left: unknown[] = []
    for (const [index, line] of ['pull --dry-run', 'pull', 'pull --yes'].entries()) {
      await round(`text${index}`)
      const { stdout } = await call(line)
      left.push(stdout.match(/^Left alone:(?:\n  .*)+/m)?.[0])
      await round(`json${index}`)
      const { status, left: rows } = (await call(`${line} --json`)).json() as unknown as Json
      assert.equal(status, index === 0 ? 'pending' : 'changed')
      assert.deepEqual(
        rows.map(({ table, key, code }) => [table, ...key, code]),
        [
          ['channels', 'changed', '1', 'conflict'],
          ['channels', 'other', '1', 'extra'],
        ],
      )
    }
    assert.match(String(left[0]), /--overwrite or --select/)
    assert.deepEqual(left, [left[0], left[0], left[0]])
  })

  it('gives it up with --overwrite, after a question', async () => {
    const { call, channels, here } = pulling()
    assert.equal((await call('pull')).code, 0)
    await executeRaw(here, edit('priority = 3'))
    const asked = await call('pull --overwrite')
    assert.equal(asked.code, 1)
    assert.match(asked.stderr, /add --yes/)
    assert.equal((await channels())[0]![3], '3')
    const { code, stderr } = await call('pull --overwrite --yes')
    assert.equal(code, 0, stderr)
    assert.equal((await channels())[0]![3], '7')
  })

  it('deletes what production deleted only with --delete, and stops where that is empty', async () => {
    const { call, channels, there } = pulling()
    assert.equal((await call('pull')).code, 0)
    await executeRaw(there, `delete from channels where name = 'new'`)
    const kept = await call('pull --dry-run')
    assert.match(kept.stdout, /only local has it: delete it with --delete or --select/)
    const deleted = await call('pull --delete --yes')
    assert.equal(deleted.code, 0, deleted.stderr)
    assert.match(deleted.stdout, /deleted 1/)
    assert.deepEqual(
      (await channels()).map(([name]) => name),
      ['changed', 'other'],
    )
    await executeRaw(there, 'delete from channels')
    const empty = await call('pull --delete --yes')
    assert.equal(empty.code, 1)
    assert.match(empty.stderr, /channels of production reads as empty, and had 1 rows/)
    assert.equal((await channels()).length, 2)
  })
}
