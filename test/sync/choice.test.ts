import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { SecretReference } from '../../src/apply/secrets.ts'
import { planSync } from '../../src/sync/plan.ts'
import type { SyncWorld } from '../../src/sync/world.ts'
import { compare } from '../drift/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { prepare } from './choice-world.ts'
import {
  createPair,
  leftOutline,
  NOTHING_CHOSEN,
  outline,
  type Pair,
  planError,
} from './harness.ts'
import { createLocal } from './local.ts'

type Choice = Partial<typeof NOTHING_CHOSEN>

const TABLES = ['vendors', 'models', 'options', 'channels', 'tokens', 'users']

const REFERENCE: SecretReference = { kind: 'env', name: 'KEY' }
const KEY_OF_BOTH = new Map([['channels/keyless', REFERENCE]])

/** One world, planned with every choice: a plan itself reads nothing. */
forEachDialect((dialect, create) => {
  describe(`what is chosen with ${dialect}`, () => {
    let pair: Pair
    let push: SyncWorld
    let pull: SyncWorld
    before(async () => {
      pair = await createPair(createLocal, create)
      await prepare(pair)
      push = await pair.read('push', { tables: TABLES })
      pull = await pair.read('pull', { tables: TABLES })
    })
    const plan = (choice: Choice = {}) => planSync(push, { ...NOTHING_CHOSEN, ...choice })

    describe('--select', () => selecting(plan))
    describe('--delete', () => deleting(plan))
    describe('secrets', () =>
      secrets(plan, (choice) => planSync(pull, { ...NOTHING_CHOSEN, ...choice })))

    test('ids are those of drift, in either direction', async () => {
      const { local, production } = pair
      const there = await compare({ from: local.target, to: production.target })
      const back = await compare({ from: production.target, to: local.target })
      const rows = plan({ references: KEY_OF_BOTH, delete: true })
      const found = [...rows.plan.items, ...rows.left]
      const ids = new Set(there.findings.map(({ id }) => id))
      assert.deepEqual(
        found.filter(({ id }) => !ids.has(id)),
        [],
      )
      const channels = back.findings.filter(({ table }) => table === 'channels')
      assert.ok(channels.some(({ id }) => !ids.has(id)))
      for (const { id, key } of channels) {
        const chosen = plan({ select: [id], references: KEY_OF_BOTH, overwrite: true })
        const names = [...chosen.plan.items, ...chosen.left].map((row) => row.key[0])
        assert.ok(names.includes(key[0]), key[0])
      }
    })
    test('tokens travel by the name of their user', async () => {
      const choice = { select: ['tokens'] }
      const planned = planSync(push, { ...NOTHING_CHOSEN, ...choice })
      assert.deepEqual(outline(planned), ['insert tokens ann|t (missing)'])
      assert.deepEqual(
        leftOutline(planned).filter((line) => line.includes('tokens')),
        ['reference tokens bob|t'],
      )
      const [change] = planned.plan.items[0]!.changes
      assert.ok(change.kind === 'insert')
      const { after, reference } = change.cells.find(({ column }) => column === 'user_id')!
      assert.deepEqual([after, reference], ['["ann"]', { table: 'users' }])
    })
  })
})

type Plan = (choice?: Choice) => ReturnType<typeof planSync>

function selecting(plan: Plan): void {
  const idOf = (name: string): string => {
    const { plan: all, left } = plan({ references: KEY_OF_BOTH })
    return [...all.items, ...left].find(({ key }) => key[0] === name)!.id
  }
  const cases: readonly (readonly [what: string, select: () => string[], items: string[]])[] = [
    ['a row', () => ['channels/one'], ['update channels one|1: remark tag +abilities (pending)']],
    ['a cell', () => ['channels/one/tag'], ['update channels one|1: tag +abilities (pending)']],
    [
      'a name with a slash',
      () => ['channels/two/a'],
      ['update channels two/a|1: remark (pending)'],
    ],
    ['its cell', () => ['channels/two/a/remark'], ['update channels two/a|1: remark (pending)']],
    ['an id', () => [idOf('two/a')], ['update channels two/a|1: remark (pending)']],
    [
      'what changed there, by name',
      () => ['channels/three'],
      ['update channels three|1: remark (drift)'],
    ],
    [
      'what changed there, by cell',
      () => ['channels/three/remark'],
      ['update channels three|1: remark (drift)'],
    ],
    [
      'what changed there, by id',
      () => [idOf('three')],
      ['update channels three|1: remark (drift)'],
    ],
    ['a deletion by its id', () => [idOf('gone')], ['delete channels gone|1 +abilities (extra)']],
    ['a deletion by its name is none', () => ['channels/gone'], []],
    ['a row of theirs', () => [idOf('theirs')], []],
    ['a table without differences', () => ['models'], []],
    [
      'two',
      () => ['channels/new', 'channels/two/a'],
      ['update channels two/a|1: remark (pending)', 'insert channels new|1 +abilities (missing)'],
    ],
  ]
  for (const [what, select, items] of cases) {
    test(what, () =>
      assert.deepEqual(outline(plan({ select: select() })).toSorted(), items.toSorted()),
    )
  }
  test('the rest is left, and says so', () => {
    const left = leftOutline(plan({ select: ['channels/one/tag'] }))
    assert.ok(left.includes('unselected channels one|1'))
    assert.ok(left.includes('unselected channels new|1'))
  })
  test('a secret option, and only by its name', () => {
    assert.deepEqual(leftOutline(plan({ select: ['options/SMTPToken'] })).slice(0, 1), [
      'secret options SMTPToken',
    ])
    assert.ok(
      !leftOutline(plan({ select: ['options'] }))
        .join()
        .includes('SMTPToken'),
    )
  })
  for (const selector of ['channels/nobody', 'nothing', '0123456789ab', 'channels/one/nocolumn']) {
    test(`${selector} matches nothing`, () => {
      const error = planError(() => plan({ select: ['channels/one', selector] }))
      assert.match(error.message, new RegExp(selector))
    })
  }
  test('picked cells', () => {
    const picked: Choice['picked'] = ({ key }, column) => key[0] === 'one' && column === 'remark'
    const planned = plan({ picked, references: KEY_OF_BOTH })
    assert.deepEqual(outline(planned), ['update channels one|1: remark (pending)'])
    assert.deepEqual(
      planned.plan.memory.map(({ cells }) => JSON.parse(cells).tag),
      [null],
    )
    const left = leftOutline(planned)
    for (const name of ['one|1', 'two/a|1', 'new|1'])
      assert.ok(left.includes(`unselected channels ${name}`))
  })
}

function deleting(plan: Plan): void {
  const references = KEY_OF_BOTH
  const deletes = (choice: Choice) =>
    outline(plan({ references, ...choice })).filter((line) => line.startsWith('delete'))
  const both = [
    'delete channels gone|1 +abilities (extra)',
    'delete channels gone too|1 +abilities (extra)',
  ]
  test('nothing without it', () => assert.deepEqual(deletes({}), []))
  test('what tidegate made, after everything else', () => {
    const lines = outline(plan({ references, delete: true }))
    assert.deepEqual(lines.slice(-2), both)
  })
  test('not more than may be, each by name', () => {
    const choice = { references, delete: true, maxDeletes: 1 }
    const { message } = planError(() => plan(choice))
    for (const name of ['gone 1', 'gone too 1'])
      assert.ok(message.includes(`channels "${name}"`), message)
  })
  test('what is left says how', () => {
    const why = (name: string) => plan({ references }).left.find(({ key }) => key[0] === name)?.why
    assert.match(why('gone')!, /--delete/)
    assert.match(why('theirs')!, /did not make it/)
  })
}

function secrets(plan: Plan, pull: Plan): void {
  const uses = (planned: ReturnType<Plan>, name: string) =>
    Object.fromEntries(
      (planned.plan.items.find(({ key }) => key[0] === name)?.secrets ?? []).map(
        ({ column, reference }) => [column, reference.kind],
      ),
    )
  test('a new channel takes those of the left database', () => {
    const planned = plan({ references: KEY_OF_BOTH })
    assert.deepEqual(uses(planned, 'new'), { key: 'source', setting: 'source' })
    assert.deepEqual(uses(planned, 'keyless'), { key: 'env' })
    const cells = planned.plan.items.flatMap(({ changes }) =>
      changes.flatMap((c) => ('cells' in c ? c.cells : [])),
    )
    const after = cells
      .filter(({ secret, after }) => secret && after !== null)
      .map((cell) => cell.after)
    assert.deepEqual([...new Set(after)], ['set'])
  })
  test('a channel that nobody has a key for stops the push, unless it is not chosen', () => {
    const error = planError(() => plan())
    assert.match(`${error.message} ${error.nextStep}`, /channels\/keyless.*--secret/)
    plan({ select: ['channels/one'] })
  })
  test('an existing channel keeps its own', () => {
    assert.deepEqual(uses(plan({ select: ['channels/one'] }), 'one'), {
      key: 'keep',
      setting: 'keep',
    })
  })
  test('unless it is said where another one is', () => {
    const references = new Map([
      ['channels/one', REFERENCE],
      ['channels/two/a/setting', REFERENCE],
    ])
    const planned = plan({ select: ['channels/one', 'channels/two/a'], references })
    assert.deepEqual(uses(planned, 'one'), { key: 'env', setting: 'keep' })
    assert.deepEqual(uses(planned, 'two/a'), { key: 'keep', setting: 'env' })
  })
  test('a pulled channel gets something that is no key', () => {
    assert.deepEqual(uses(pull(), 'theirs'), { key: 'placeholder' })
    assert.deepEqual(uses(pull(), 'own'), {})
    const references = new Map([['channels/theirs', REFERENCE]])
    assert.deepEqual(uses(pull({ references }), 'theirs'), { key: 'env' })
  })
  test('a pulled token too', () => {
    const token = pull().plan.items.find(({ table }) => table === 'tokens')!
    assert.deepEqual(token.secrets, [{ column: 'key', reference: { kind: 'placeholder' } }])
  })
  test('no value of one is anywhere in a plan', () => {
    for (const planned of [plan({ references: KEY_OF_BOTH, delete: true }), pull()]) {
      const text = JSON.stringify(planned, (_, value: unknown) =>
        value instanceof Map ? [...value] : value,
      )
      assert.doesNotMatch(text, /sk-test-|sktest/)
    }
  })
}
