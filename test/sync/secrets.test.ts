import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { SecretReference, SecretValues } from '../../src/apply/secrets.ts'
import type { Catalog, DatabaseReader } from '../../src/database/contract.ts'
import { ConfigError } from '../../src/errors.ts'
import { placeholderFor } from '../../src/gateway/placeholder.ts'
import { Secret } from '../../src/secret.ts'
import { type Cell, naturalKey } from '../../src/snapshot/model.ts'
import { loadReferences } from '../../src/sync/secrets.ts'
import { channelRow, createWorld, type World } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { everythingOf, failureOf } from '../support/failures.ts'
import { openTestReader } from '../support/readers.ts'
import { cell, planOf, type RowOfPlan } from './secret-plans.ts'

const KEY = 'sk-test-0123456789abcdef'

const env = (name: string): SecretReference => ({ kind: 'env', name })
const file = (path: string): SecretReference => ({ kind: 'file', path })

const one = (reference: SecretReference, key: readonly Cell[] = ['a', '1']): RowOfPlan => ({
  key,
  cells: [cell('name', { secret: false, after: 'a' }), cell('key')],
  uses: { key: reference },
})

const OFFLINE = {
  readSecret: (name: string) =>
    name.startsWith('BAD')
      ? { fault: { source: name, problem: `its value ${KEY} is bad` } }
      : name.startsWith('SET')
        ? { secret: new Secret(`value of ${name}`), warnings: [`${name}: others can read it`] }
        : null,
  readFile: (path: string) =>
    path === 'here'
      ? { secret: new Secret('value of a file'), warnings: [] }
      : { fault: { source: '--secret', problem: `the file ${path} cannot be read (ENOENT)` } },
  source: null,
  sourceCatalog: null,
}

const keyOf = (values: SecretValues, key: readonly Cell[], table = 'channels'): string =>
  values.reveal(table, naturalKey(key), 'key')

describe('what is loaded without a database', () => {
  it('variables, files and placeholders; what is kept is not asked for', async () => {
    const plan = planOf([
      one(env('SET_A'), ['a', '1']),
      one(env('SET_A'), ['b', '1']),
      one(file('here'), ['c', '1']),
      one({ kind: 'placeholder' }, ['d', '1']),
      {
        key: ['e', '1'],
        cells: [cell('name', { secret: false })],
        uses: { key: { kind: 'keep' } },
      },
    ])
    const { values, secrets, warnings } = await loadReferences(plan, OFFLINE)
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((name) => keyOf(values, [name, '1'])),
      ['value of SET_A', 'value of SET_A', 'value of a file', placeholderFor('channels', [])],
    )
    assert.throws(() => keyOf(values, ['e', '1']))
    const revealed = new Set(secrets.map((secret) => secret.reveal()))
    assert.deepEqual(revealed, new Set(['value of SET_A', 'value of a file']))
    assert.deepEqual(warnings, ['SET_A: others can read it'])
  })

  it('everything that is missing is told at once, before the left side is asked', async () => {
    const source = { read: () => assert.fail('the left side was asked') }
    const plan = planOf([
      one({ kind: 'source' }),
      one(env('GONE')),
      one(env('GONE'), ['b', '1']),
      one(env('SET_A')),
      one(env('BAD')),
      one(file('gone')),
      one(file('gone too')),
    ])
    const error = await failureOf(
      loadReferences(plan, { ...OFFLINE, source, sourceCatalog: new Map() }),
    )
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(
      error.faults.map(({ source: name }) => name),
      ['GONE', 'BAD', '--secret', '--secret'],
    )
    assert.match(error.message, /GONE: is not set; channels\.key comes from it, or from GONE_FILE/)
    assert.match(error.message, /BAD: its value \[secret\] is bad/)
    assert.ok(!everythingOf(error).includes(KEY))
  })

  it('a secret of the left side cannot come from nowhere', async () => {
    const error = await failureOf(loadReferences(planOf([one({ kind: 'source' })]), OFFLINE))
    assert.equal(error.code, 'plan')
    assert.match(error.nextStep ?? '', /--secret/)
  })
})

forEachDialect((_dialect, create) => {
  let world: World
  let reader: DatabaseReader
  let catalog: Catalog
  before(async () => {
    world = await createWorld(create, 'n25')
    reader = await openTestReader(world.target)
    catalog = await reader.catalog()
    const channel = (cells: Parameters<typeof channelRow>[0]) =>
      world.insert('channels', channelRow(cells))
    await channel({
      name: `it's "旧"\\`,
      type: 1,
      key: 'sk-test-a\nsk-test-b ',
      setting: '{"a": 1}',
    })
    await channel({ name: 'a', type: 1, key: 'sk-test-type-1' })
    await channel({ name: 'a', type: 2, key: 'sk-test-type-2' })
    await channel({ name: 'twice', type: 1, key: 'sk-test-one' })
    await channel({ name: 'twice', type: 1, key: 'sk-test-two' })
    await channel({ name: 'empty', type: 1, key: '' })
    await world.execute(`
      insert into users (id, username, password, "group", aff_code, deleted_at) values
        (1, 'alice', 'made-up', 'default', 'a1', null), (2, 'bob', 'made-up', 'default', 'a2', null);
      insert into tokens (id, user_id, "key", name, deleted_at) values
        (1, 1, 'testTOKENalice', 'main', null), (2, 2, 'testTOKENbob', 'main', null),
        (3, 1, 'testTOKENdeleted', 'main', '2026-01-01 00:00:00')`)
  })
  const load = (rows: readonly RowOfPlan[]) =>
    loadReferences(planOf(rows), { ...OFFLINE, source: reader, sourceCatalog: catalog })

  describe('secrets of the left side', () => {
    it('are those of the very row, to the last blank', async () => {
      const hostile = [`it's "旧"\\`, '1']
      const rows = [
        { ...one({ kind: 'source' }, hostile), cells: [cell('key'), cell('setting')] },
        one(env('SET_A'), ['empty', '1']),
        one({ kind: 'source' }, ['a', '2']),
        one({ kind: 'source' }, ['a', '1']),
        { ...one({ kind: 'source' }, ['alice', 'main']), table: 'tokens' },
      ]
      const uses = { key: { kind: 'source' }, setting: { kind: 'source' } } as const
      const { values, secrets } = await load([{ ...rows[0]!, uses }, ...rows.slice(1)])
      assert.equal(keyOf(values, hostile), 'sk-test-a\nsk-test-b ')
      assert.equal(values.reveal('channels', naturalKey(hostile), 'setting'), '{"a": 1}')
      assert.equal(keyOf(values, ['a', '1']), 'sk-test-type-1')
      assert.equal(keyOf(values, ['a', '2']), 'sk-test-type-2')
      assert.equal(keyOf(values, ['empty', '1']), 'value of SET_A')
      assert.equal(keyOf(values, ['alice', 'main'], 'tokens'), 'testTOKENalice')
      assert.equal(secrets.length, 6)
    })

    for (const [what, row] of [
      ['a row that is gone', one({ kind: 'source' }, ['gone', '1'])],
      ['a row that is there twice', one({ kind: 'source' }, ['twice', '1'])],
      ['a row without one', one({ kind: 'source' }, ['empty', '1'])],
      ['a table of nobody', { ...one({ kind: 'source' }), table: 'unknown' }],
    ] as const) {
      it(`${what}: refused`, async () => {
        const error = await failureOf(load([one({ kind: 'source' }, ['a', '1']), row]))
        assert.equal(error.code, 'plan')
        assert.match(error.message, /does not say 1 of its secrets/)
        assert.ok(!everythingOf(error).includes('sk-test'))
      })
    }
  })
})
