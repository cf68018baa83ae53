import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { SyncPlan } from '../../src/sync/choice.ts'
import type { World } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { channels, edit, localFirst, remark, remove, rows, type Sides } from './cases.ts'
import { addChannel, createPair, leftOutline, outline, type Pair } from './harness.ts'
import { createLocal } from './local.ts'

/** What happens after a pull, and what a push and a pull make of it. */
interface Case {
  readonly prepare?: (sides: Sides, name: string) => Promise<void>
  readonly change: (sides: Sides, name: string) => Promise<void>
  readonly push?: readonly string[]
  readonly pull?: readonly string[]
}

const map = (side: World, key: string, value: string) =>
  edit(side, 'options', ['key', key], { value })

/** `left` is local, `right` production. */
const CASES: Readonly<Record<string, Case>> = {
  'edited here': {
    change: ({ left }, name) => remark(left, name, 'x'),
    push: ['update channels NAME|1: remark (pending)'],
    pull: ['LEFT drift channels NAME|1'],
  },
  'edited there': {
    change: ({ right }, name) => remark(right, name, 'x'),
    push: ['LEFT drift channels NAME|1'],
    pull: ['update channels NAME|1: remark (pending)'],
  },
  'edited on both sides': {
    change: async ({ left, right }, name) => {
      await remark(left, name, 'x')
      await remark(right, name, 'y')
    },
    push: ['LEFT conflict channels NAME|1'],
    pull: ['LEFT conflict channels NAME|1'],
  },
  'edited alike': {
    change: async ({ left, right }, name) => {
      await remark(left, name, 'x')
      await remark(right, name, 'x')
    },
  },
  'one cell here, another there': {
    change: async ({ left, right }, name) => {
      await remark(left, name, 'x')
      await edit(right, 'channels', ['name', name], { test_model: 'm' })
    },
    push: ['update channels NAME|1: remark (pending)', 'LEFT drift channels NAME|1'],
    pull: ['update channels NAME|1: test_model (pending)', 'LEFT drift channels NAME|1'],
  },
  'disabled by the gateway there, and then by a person': {
    change: async ({ left, right }, name) => {
      await edit(left, 'channels', ['name', name], { status: 3 })
      await edit(right, 'channels', ['name', name], { status: 2 })
    },
    push: ['LEFT drift channels NAME|1'],
    pull: ['update channels NAME|1: status +abilities (pending)'],
  },
  'made here': {
    prepare: async () => undefined,
    change: ({ left, nextId }, name) => addChannel(left, nextId(), name),
    push: ['insert channels NAME|1 +abilities (missing)'],
    pull: ['LEFT extra channels NAME|1'],
  },
  'made there': {
    prepare: async () => undefined,
    change: ({ right, nextId }, name) => addChannel(right, 1_000 + nextId(), name),
    push: ['LEFT extra channels NAME|1'],
    pull: ['insert channels NAME|1 +abilities (missing)'],
  },
  'deleted here': {
    change: ({ left }, name) => remove(left, name),
    push: ['delete channels NAME|1 +abilities (extra)'],
    pull: ['LEFT drift channels NAME|1'],
  },
  'deleted there': {
    change: ({ right }, name) => remove(right, name),
    push: ['LEFT drift channels NAME|1'],
    pull: ['delete channels NAME|1 +abilities (extra)'],
  },
  'deleted here and edited there': {
    change: async ({ left, right }, name) => {
      await remove(left, name)
      await remark(right, name, 'x')
    },
    push: ['LEFT conflict channels NAME|1'],
    pull: ['LEFT drift channels NAME|1'],
  },
  CacheRatio: {
    prepare: (sides, key) => rows(sides, 'options', { key, value: '{"a":1,"b":2,"c":3}' }),
    change: async ({ left, right }, key) => {
      await map(left, key, '{"a":9,"b":2,"here":1}')
      await map(right, key, '{"a":1,"b":8,"c":3,"there":1}')
    },
    push: ['update options NAME: value (pending)', 'LEFT drift options NAME'],
    pull: ['update options NAME: value (pending)', 'LEFT drift options NAME'],
  },
  'a price of an ability there': {
    change: ({ right }, name) =>
      right.execute(
        `update abilities set workflow_price = 7 where channel_id in (select id from channels where name = '${name}')`,
      ),
    push: ['LEFT drift abilities NAME|1|default|m'],
    pull: ['update abilities NAME|1|default|m: workflow_price (pending)'],
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
    const sides = localFirst(pair)
    for (const [name, { prepare = channels }] of Object.entries(CASES)) await prepare(sides, name)
    await pair.run('pull')
    for (const [name, { change }] of Object.entries(CASES)) await change(sides, name)
    planned = await pair.run(command, { delete: true })
  })
  for (const [name, one] of Object.entries(CASES)) {
    test(name, () => {
      const left = leftOutline(planned, name).map((line) => `LEFT ${line}`)
      const expected = (one[command] ?? []).map((line) => line.replaceAll('NAME', () => name))
      assert.deepEqual([...outline(planned, name), ...left].toSorted(), expected.toSorted())
    })
  }
  test('planning again finds the same left, and nothing to write', async () => {
    const again = await pairOf().plan(command, { delete: true })
    assert.deepEqual(outline(again), [])
    assert.deepEqual(again.left, planned.left)
    if (command === 'pull') assert.deepEqual([again.plan.memory, again.plan.forgotten], [[], []])
  })
  test('members of a map are merged one by one', async () => {
    const { left, right } = localFirst(pairOf())
    const changed = command === 'push' ? right : left
    const [value] = (await changed.select('options', ['value'], "key = 'CacheRatio'"))[0]!
    const pushed = '{"a":9,"b":8,"there":1,"here":1}'
    const pulled = '{"a":9,"b":8,"here":1,"there":1}'
    assert.equal(value, command === 'push' ? pushed : pulled)
  })
  test('--overwrite writes what was kept', async () => {
    const forced = await pairOf().plan(command, { overwrite: true })
    const kept = planned.left.filter(({ code }) => code === 'drift' || code === 'conflict')
    const written = new Set(forced.plan.items.map(({ id }) => id))
    const open = kept.filter(({ id }) => !written.has(id)).map(({ key }) => key[0])
    // What would have to be deleted needs --delete as well.
    assert.deepEqual(open, command === 'push' ? ['deleted here and edited there'] : [])
  })
}
