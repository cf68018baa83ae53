import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { forEachDialect } from '../support/databases.ts'
import { type Case, channels, ofCells, ofOption, rows, sidesOf } from './cases.ts'
import type { SyncPlan } from '../../src/sync/choice.ts'
import { addChannel, createPair, leftOutline, outline, type Pair } from './harness.ts'
import { createLocal } from './local.ts'

/** Nobody remembers anything: what differs is written, what only the right side has is kept. */
const CASES: Readonly<Record<string, Case>> = {
  equal: { prepare: (sides, name) => channels(sides, name) },
  'a cell': ofCells(
    { remark: 'new' },
    {},
    { items: ['update channels NAME|1: remark (different)'] },
  ),
  'a cell that is NULL': ofCells(
    { test_model: null },
    { test_model: 'x' },
    { items: ['update channels NAME|1: test_model (different)'] },
  ),
  'a priority': ofCells(
    { priority: 9 },
    {},
    { items: ['update channels NAME|1: priority +abilities (different)'] },
  ),
  'a list': ofCells(
    { models: 'm,旧网关' },
    {},
    { items: ['update channels NAME|1: models +abilities (different)'] },
  ),
  'a padded list there': ofCells(
    { models: 'm,n' },
    { models: ' m,n' },
    { items: ['update channels NAME|1: models +abilities (different)'] },
  ),
  'a padded list here': ofCells({ models: 'm, n,' }, { models: 'm,n' }),
  'a key': ofCells({ key: 'sk-test-other' }, {}),
  'a key and a cell': ofCells(
    { key: 'sk-test-other', tag: 't' },
    {},
    { items: ['update channels NAME|1: tag +abilities (different)'] },
  ),
  'what a running gateway writes': ofCells({ used_quota: 5, test_time: 7, balance: 2.5 }, {}),
  'disabled by the gateway there': ofCells({}, { status: 3 }),
  'disabled by the gateway here': ofCells({ status: 3 }, {}),
  'disabled by a person there': ofCells(
    { status: 3 },
    { status: 2 },
    { items: ['update channels NAME|1: status (different)'] },
  ),
  'members of a map': ofCells(
    { model_mapping: '{"a":"b","c":"d"}' },
    { model_mapping: '{"c":"x","own":"y"}' },
    {
      items: ['update channels NAME|1: model_mapping (different)'],
      left: ['extra channels NAME|1'],
    },
  ),
  'a map that is no JSON': ofCells(
    { model_mapping: 'no json' },
    { model_mapping: '{"c":"x"}' },
    { left: ['unreadable channels NAME|1'] },
  ),
  'a secret in an address': ofCells(
    { base_url: 'https://u:sk-test-1@a.example' },
    { base_url: 'https://a.example' },
    {
      items: ['PUSH update channels NAME|1: base_url (different)'],
      left: ['PULL masked channels NAME|1'],
    },
  ),
  'a new channel': {
    prepare: ({ left, nextId }, name) =>
      addChannel(left, nextId(), name, { models: 'm,n', status: 3 }),
    items: ['insert channels NAME|1 +abilities (missing)'],
  },
  'a channel of their own': {
    prepare: ({ right, nextId }, name) => addChannel(right, 1_000 + nextId(), name),
    left: ['extra channels NAME|1'],
  },
  'the same name twice': {
    prepare: async (sides, name) => {
      await channels(sides, name)
      await addChannel(sides.left, sides.nextId(), name)
    },
    left: ['duplicate channels NAME|1'],
  },
  'the same name twice there': {
    prepare: async (sides, name) => {
      await channels(sides, name)
      await addChannel(sides.right, 1_000 + sides.nextId(), name)
    },
    left: ['duplicate channels NAME|1'],
  },
  'two types of one name': {
    prepare: async (sides, name) => {
      await channels(sides, name)
      await addChannel(sides.left, sides.nextId(), name, { type: 2 })
    },
    items: ['insert channels NAME|2 +abilities (missing)'],
  },
  '</details>`|😀\t\\N': ofCells(
    { remark: "'; drop table channels; --" },
    {},
    { items: ['update channels NAME|1: remark (different)'] },
  ),
  'a price of an ability': {
    prepare: async (sides, name) => {
      await channels(sides, name, { models: 'p' })
      await sides.left.execute(
        `update abilities set workflow_price = 7 where channel_id = (select id from channels where name = '${name}')`,
      )
    },
    items: ['update abilities NAME|1|default|p: workflow_price (different)'],
  },
  Footer: ofOption('Footer', 'a', 'b', { items: ['update options NAME: value (different)'] }),
  ModelRatio: ofOption('ModelRatio', '{"b":1.50,"a":1}', '{"z":3,"a":2}', {
    items: ['update options NAME: value (different)'],
    left: ['extra options NAME'],
  }),
  ModelPrice: {
    prepare: ({ left }) => left.insert('options', { key: 'ModelPrice', value: '{"a": 0.10}' }),
    items: ['insert options NAME (missing)'],
  },
  SMTPToken: ofOption('SMTPToken', 'sk-test-1', 'sk-test-2', {}),
  ServerAddress: ofOption('ServerAddress', 'https://a.example', 'https://b.example', {}),
  'sold by a new vendor': {
    prepare: async (sides, name) => {
      await rows(sides, 'vendors', { id: 1, name: 'known' })
      await sides.left.insert('vendors', { id: 2, name })
      await rows(sides, 'models', { id: 1, model_name: name, vendor_id: 1 })
      await sides.left.execute('update models set vendor_id = 2 where id = 1')
    },
    items: ['insert vendors NAME (missing)', 'update models NAME: vendor_id (different)'],
  },
  'sold by nobody any more': {
    prepare: async (sides, name) => {
      await rows(sides, 'models', { id: 2, model_name: name, vendor_id: 1 })
      await sides.left.execute('update models set vendor_id = 0 where id = 2')
    },
    items: ['update models NAME: vendor_id (different)'],
  },
  'items of a group': {
    prepare: (sides, name) =>
      sides.left.insert('prefill_groups', { id: 1, name, type: 'model', items: '["b", "a"]' }),
    items: ['insert prefill_groups NAME (missing)'],
  },
}

forEachDialect((dialect, create) => {
  let pair: Pair
  before(async () => {
    pair = await createPair(createLocal, create)
  })
  for (const command of ['push', 'pull'] as const) {
    describe(`${command} with ${dialect}`, () => suite(() => pair, command))
  }
})

function suite(pairOf: () => Pair, command: 'push' | 'pull'): void {
  let planned: SyncPlan
  before(async () => {
    const pair = pairOf()
    await pair.reset()
    const sides = sidesOf(pair, command)
    for (const [name, { prepare }] of Object.entries(CASES)) await prepare(sides, name)
    for (const [name, { change }] of Object.entries(CASES)) await change?.(sides, name)
    planned = await pair.run(command)
  })
  for (const [name, one] of Object.entries(CASES)) {
    test(name, () => {
      const expected = (lines: readonly string[] = []) => expectedLines(lines, name, command)
      assert.deepEqual(outline(planned, name).toSorted(), expected(one.items))
      assert.deepEqual(leftOutline(planned, name).toSorted(), expected(one.left))
    })
  }
  test('afterwards there is nothing to write', async () => {
    const again = await pairOf().plan(command)
    assert.deepEqual(outline(again), [])
    assert.deepEqual(
      again.left.map(({ key }) => key),
      planned.left.map(({ key }) => key),
    )
    if (command === 'pull') assert.deepEqual([again.plan.memory, again.plan.forgotten], [[], []])
  })
  test('what is written has the digits, the order and the references of the left side', async () => {
    const pair = pairOf()
    const { right } = sidesOf(pair, command)
    const option = async (key: string) =>
      (await right.select('options', ['value'], `key = '${key}'`))[0]
    assert.deepEqual(await option('ModelRatio'), ['{"z":3,"a":1,"b":1.50}'])
    assert.deepEqual(await option('ModelPrice'), ['{"a": 0.10}'])
    assert.deepEqual(await option('SMTPToken'), ['sk-test-2'])
    assert.deepEqual(
      await right.select(
        'models',
        ['model_name', 'vendor_id'],
        `model_name like 'sold by nobody%'`,
      ),
      [['sold by nobody any more', '0']],
    )
    const sold = `select v.name from models m join vendors v on v.id = m.vendor_id where m.model_name = 'sold by a new vendor'`
    assert.deepEqual(await right.select(`(${sold}) as sold`, ['name']), [['sold by a new vendor']])
    assert.deepEqual(await right.select('channels', ['status'], `name = 'a new channel'`), [['1']])
    assert.deepEqual(
      await right.select('channels', ['model_mapping'], `name = 'members of a map'`),
      [['{"c":"d","own":"y","a":"b"}']],
    )
    assert.deepEqual(await right.select('prefill_groups', ['items']), [['["b", "a"]']])
  })
}

function expectedLines(lines: readonly string[], name: string, command: string): string[] {
  const other = command === 'push' ? 'PULL' : 'PUSH'
  return lines
    .filter((line) => !line.startsWith(other))
    .map((line) => line.replace(/^(PUSH|PULL) /, '').replaceAll('NAME', () => name))
    .toSorted()
}
