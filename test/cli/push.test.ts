import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { DialectName } from '../../src/database/contract.ts'
import type { LeftRow } from '../../src/sync/choice.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { channel, KEYS, keysIn, type SyncPair, syncPair } from './sync-pair.ts'
import { everything } from './sync-state.ts'

forEachDialect((dialect, create) => {
  const pair = syncPair(create)
  beforeEach(() => pair().reset())

  it('writes nothing where nobody says yes', async () => {
    const before = await everything({ target: pair().production })
    const asked = await pair().call('push')
    assert.equal(asked.code, 1)
    assert.match(asked.stdout, /^Plan: 2 rows to write in production/)
    assert.match(asked.stderr, /nobody can be asked here: add --yes/)
    const json = await pair().call('push --json')
    assert.deepEqual([json.code, Object.keys(json.json())], [1, ['error']])
    assert.deepEqual(await everything({ target: pair().production }), before)
  })

  it('writes what differs, with the keys of new rows, and a second one writes nothing', async () => {
    const first = await pair().call('push --yes')
    assert.equal(first.code, 0, first.stderr)
    assert.match(
      first.stdout,
      /^Wrote 2 rows to production \(1 new, 1 changed\), deleted 0\nrun (\S+); to take it back: tidegate undo \1 --env production$/m,
    )
    assert.deepEqual(keysIn(first), [])
    assert.deepEqual(await channels(pair()), [
      ['changed', KEYS.production, '7', null],
      ['new', KEYS.local, '0', null],
      ['other', KEYS.production, '0', null],
    ])
    const before = await everything({ target: pair().production })
    const second = await pair().call('push --yes --json')
    assert.deepEqual([second.code, second.json()['status']], [0, 'settled'])
    assert.deepEqual(await everything({ target: pair().production }), before)
  })

  describe('after both sides agreed', () => testAgreed(pair, dialect))
  describe('deletes', () => testDeletes(pair, dialect))
  describe('--from seeds', () => testSeeds(pair))
})

const CHANNELS = 'select name, key, cast(priority as text), tag from channels order by name'

function channels({ production }: SyncPair): Promise<unknown[][]> {
  return queryRaw(production, CHANNELS)
}

function testAgreed(pair: () => SyncPair, dialect: DialectName): void {
  const edit = (cells: string, name = 'changed') =>
    `update channels set ${cells} where name = '${name}';`

  beforeEach(async () => {
    assert.equal((await pair().call('push --yes')).code, 0)
    await executeRaw(pair().local, edit(`tag = 'mine', weight = 1`) + edit('priority = 4', 'new'))
    await executeRaw(pair().production, edit('priority = 5, weight = 2'))
  })

  const change = async (name = 'changed') =>
    (
      await queryRaw(
        pair().production,
        `select cast(priority as text), tag, cast(weight as text) from channels where name = '${name}'`,
      )
    )[0]

  it('what changed here is written; what changed there is left, and says what to do', async () => {
    const { code, stdout, stderr } = await pair().call('push --yes')
    assert.equal(code, 0, stderr)
    const choices =
      'since both agreed: pull first, or write it all the same with --overwrite or --select [0-9a-f]{12}'
    assert.match(stdout, new RegExp(`"changed" "1": priority changed in production ${choices}`))
    assert.match(
      stdout,
      new RegExp(`"changed" "1": weight changed in local and in production ${choices}`),
    )
    assert.deepEqual(await change(), ['5', 'mine', '2'])
    assert.deepEqual(await change('new'), ['4', null, '0'])
    const again = await pair().call('push --yes')
    assert.equal(again.code, 0, again.stderr)
    assert.match(again.stdout, /^Plan: nothing to write in production; 3 left alone$/m)
  })

  // What is chosen does not depend on the database that is written to.
  if (dialect === 'sqlite') testChosen(pair, change)
}

type Change = (name?: string) => Promise<unknown[] | undefined>

function testChosen(pair: () => SyncPair, change: Change): void {
  const id = async (): Promise<string> => {
    const left = (await pair().call('plan --json')).json()['left'] as readonly LeftRow[]
    return left.find(({ code }) => code === 'conflict')!.id
  }

  const CHOSEN: readonly (readonly [string, () => Promise<string>, unknown[], unknown[]])[] = [
    ['a row', async () => 'channels/changed', ['7', 'mine', '1'], ['0', null, '0']],
    ['a cell', async () => 'channels/changed/weight', ['5', null, '1'], ['0', null, '0']],
    ['an id', id, ['7', 'mine', '1'], ['0', null, '0']],
    ['another row', async () => 'channels/new', ['5', null, '2'], ['4', null, '0']],
    ['a table', async () => 'channels', ['5', 'mine', '2'], ['4', null, '0']],
  ]
  for (const [what, selector, changed, other] of CHOSEN) {
    it(`--select ${what} writes that and nothing else`, async () => {
      const result = await pair().call(['push', '--yes', '--select', await selector()])
      assert.equal(result.code, 0, result.stderr)
      assert.deepEqual([await change(), await change('new')], [changed, other])
    })
  }

  it('--overwrite writes what changed there, too', async () => {
    assert.equal((await pair().call('push --overwrite --yes')).code, 0)
    assert.deepEqual(await change(), ['7', 'mine', '1'])
  })
}

function testDeletes(pair: () => SyncPair, dialect: DialectName): void {
  const names = async () => (await channels(pair())).map(([name]) => name)
  const rows = [30, 31, 32].map((id) => channel({ id, name: `n${id}`, key: KEYS.local }))
  const remove = (where: string) => executeRaw(pair().local, `delete from channels where ${where}`)

  beforeEach(async () => {
    await executeRaw(pair().local, rows.join(''))
    assert.equal((await pair().call('push --yes')).code, 0)
  })

  it('only what tidegate made, only with --delete, and no more than may be', async () => {
    await remove('id in (31, 32)')
    const all = await names()
    const kept = await pair().call('push --yes')
    assert.equal(kept.code, 0)
    assert.match(kept.stdout, /"n31" "1": only production has it: delete it with --delete/)
    assert.match(kept.stdout, /"other" "1": only production has it, and tidegate did not make it/)
    const few = await pair().call('push --delete --max-deletes 1 --yes')
    assert.equal(few.code, 1)
    assert.match(
      few.stderr,
      /2 rows would be deleted, and at most 1 may be: channels "n31 1", channels "n32 1"\n.*--max-deletes 2/,
    )
    assert.deepEqual(await names(), all)
    const { code, stdout, stderr } = await pair().call('push --delete --max-deletes 2 --yes')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^- channels "n31" "1"/m)
    assert.deepEqual(await names(), ['changed', 'n30', 'new', 'other'])
    const left = await queryRaw(
      pair().production,
      'select count(*) from abilities where channel_id not in (select id from channels)',
    )
    assert.equal(String(left), '0')
  })

  const SHORT = [
    ['empty', 'true', /channels of local reads as empty, and had 5 rows/],
    ['much shorter', 'id <> 1 and id <> 2', /channels of local is much shorter \(2 rows\)/],
  ] as const
  for (const [what, where, says] of dialect === 'sqlite' ? SHORT : []) {
    it(`a side that is ${what} stops it, with any flag`, async () => {
      await remove(where)
      const before = await everything({ target: pair().production })
      for (const line of ['push', 'push --delete --max-deletes 99 --overwrite']) {
        const { code, stderr } = await pair().call(`${line} --yes`)
        assert.equal(code, 1)
        assert.match(stderr, says)
        assert.match(stderr, /^next: .*--base none$/m)
      }
      assert.deepEqual(await everything({ target: pair().production }), before)
    })
  }
}

function testSeeds(pair: () => SyncPair): void {
  const keys = async () =>
    (await channels(pair())).filter(([name]) => /bltcy/i.test(String(name))).map(([, key]) => key)

  it('writes what they declare, and a key that changed without a key for fingerprints', async () => {
    for (const key of [KEYS.local, KEYS.fresh]) {
      const result = await pair().call('push --from seeds --yes', { BLTCY_API_KEY: key })
      assert.equal(result.code, 0, result.stdout + result.stderr)
      assert.deepEqual(await keys(), [key])
      assert.deepEqual(keysIn(result), [])
    }
    const env = { BLTCY_API_KEY: KEYS.production }
    assert.equal((await pair().call('plan --from seeds -o seeds.json', env)).code, 2)
    const applied = await pair().call('apply seeds.json', env)
    assert.equal(applied.code, 0, applied.stdout + applied.stderr)
    assert.deepEqual(await keys(), [KEYS.production])
    const before = await everything({ target: pair().production })
    const again = await pair().call('push --from seeds --yes --json', env)
    assert.deepEqual([again.code, again.json()['status']], [0, 'settled'])
    assert.deepEqual(await everything({ target: pair().production }), before)
  })

  it('takes no choice of rows: a seed is written as a whole', async () => {
    const before = await everything({ target: pair().production })
    const flags = [
      '--select channels',
      '--pick',
      '--tables channels',
      '--secret channels/a=env:A',
      '--overwrite',
      '--delete',
      '--base none',
    ]
    for (const flag of flags) {
      const { code, stderr } = await pair().call(`push --from seeds --yes ${flag}`)
      assert.equal(code, 1, flag)
      assert.match(stderr, new RegExp(`${flag.split(' ')[0]} is not for --from seeds`))
    }
    assert.deepEqual(await everything({ target: pair().production }), before)
  })
}
