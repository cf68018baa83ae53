import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import type { OptionSeed } from '../../src/seed/define.ts'
import { initial } from '../../src/seed/define.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { createWorld, seedOf, type World } from './world.ts'

interface Case {
  readonly name: string
  /** The stored value; undefined where there is no row. */
  readonly stored?: string
  readonly option: OptionSeed
  readonly after: string
}

const MERGE = { key: 'ModelPrice', merge: { runway: 0.5, kling: 2 } } as const
const FULL = { ...MERGE, otherwise: { 'gpt-4o': 1 } } as const

const WRITTEN: readonly Case[] = [
  {
    name: 'members are added at the end, the others keep order, digits and spelling',
    stored: '{"z": 1.50, "a":1e-7,"deep":{"b":[1, 2]}}',
    option: MERGE,
    after: '{"z":1.50,"a":1e-7,"deep":{"b":[1, 2]},"runway":0.5,"kling":2}',
  },
  {
    name: 'a member is changed where it stands',
    stored: '{"kling":9,"b":1,"runway":0.5}',
    option: MERGE,
    after: '{"kling":2,"b":1,"runway":0.5}',
  },
  {
    name: 'a map that holds them stays as it is written',
    stored: '{ "runway": 0.50, "kling": 2.0 }',
    option: MERGE,
    after: '{ "runway": 0.50, "kling": 2.0 }',
  },
  { name: 'an empty map', stored: '{}', option: MERGE, after: '{"runway":0.5,"kling":2}' },
  {
    name: 'no row, with the full map: that one, and the members',
    option: FULL,
    after: '{"gpt-4o":1,"runway":0.5,"kling":2}',
  },
  {
    name: 'an empty value, with the full map',
    stored: '',
    option: FULL,
    after: '{"gpt-4o":1,"runway":0.5,"kling":2}',
  },
  {
    name: 'a row, with the full map: only the members',
    stored: '{"x":3}',
    option: FULL,
    after: '{"x":3,"runway":0.5,"kling":2}',
  },
  { name: 'a plain value, no row', option: { key: 'ModelPrice', value: 'v' }, after: 'v' },
  {
    name: 'a plain value, another one',
    stored: 'w',
    option: { key: 'ModelPrice', value: 'v' },
    after: 'v',
  },
  {
    name: 'an initial value, another one',
    stored: 'w',
    option: { key: 'ModelPrice', value: initial('v') },
    after: 'w',
  },
  {
    name: 'an initial value, no row',
    option: { key: 'ModelPrice', value: initial('v') },
    after: 'v',
  },
]

const REFUSED = [
  {
    name: 'no row',
    option: MERGE,
    message: /ModelPrice has no row; .*whole built-in map/,
    next: /otherwise/,
  },
  { name: 'an empty value', stored: '', option: MERGE, message: /has no row/, next: /otherwise/ },
  {
    name: 'invalid JSON',
    stored: '{"a":',
    option: MERGE,
    message: /ModelPrice does not hold a JSON map/,
    next: /admin page/,
  },
  {
    name: 'a JSON array',
    stored: '[1]',
    option: MERGE,
    message: /does not hold a JSON map/,
    next: /admin page/,
  },
  {
    name: 'invalid JSON, with the full map',
    stored: 'x',
    option: FULL,
    message: /does not hold/,
    next: /admin/,
  },
] as const

forEachDialect((_dialect, create) => {
  let world: World
  before(async () => {
    world = await createWorld(create, 'n25')
  })
  beforeEach(() => world.reset())
  const store = async (stored: string | undefined) => {
    if (stored !== undefined) await world.insert('options', { key: 'ModelPrice', value: stored })
    await world.insert('options', { key: 'Other', value: 'stays' })
  }
  const read = () => world.select('options', ['key', 'value'])

  describe('an option', () => {
    for (const { name, stored, option, after } of WRITTEN) {
      it(name, async () => {
        await store(stored)
        const seeds = seedOf({ options: [option] })
        const { plans } = await world.apply(seeds)
        assert.deepEqual(await read(), [
          ['ModelPrice', after],
          ['Other', 'stays'],
        ])
        assert.equal(plans[0]!.changes.length, stored === after ? 0 : 1)
        assert.ok((await world.plan(seeds)).plans[0]!.isSettled, 'settled')
      })
    }
    for (const { name, option, message, next, ...rest } of REFUSED) {
      it(`${name}: refused`, async () => {
        await store('stored' in rest ? rest.stored : undefined)
        const rows = await read()
        const error = await failureOf(world.apply(seedOf({ options: [option] })))
        assert.equal(error.code, 'seed')
        assert.match(error.message, message)
        assert.match(error.nextStep!, next)
        assert.deepEqual(await read(), rows)
      })
    }
  })

  it('one refused option keeps every seed of the run from being written', async () => {
    const seeds = [
      ...seedOf({ options: [{ key: 'Other', value: 'changed' }] }, 'first'),
      ...seedOf({ options: [MERGE] }, 'second'),
    ]
    await store(undefined)
    await failureOf(world.apply(seeds))
    assert.deepEqual(await read(), [['Other', 'stays']])
  })

  it('two seeds may merge into one map', async () => {
    await store('{"a":1}')
    const seeds = [
      ...seedOf({ options: [{ key: 'ModelPrice', merge: { b: 2 } }] }, 'first'),
      ...seedOf({ options: [{ key: 'ModelPrice', merge: { c: 3 } }] }, 'second'),
    ]
    await world.apply(seeds)
    assert.deepEqual((await read())[0], ['ModelPrice', '{"a":1,"b":2,"c":3}'])
    assert.ok((await world.plan(seeds)).plans.every(({ isSettled }) => isSettled))
  })

  it('two seeds that contradict each other are told, not repeated for ever', async () => {
    await store('v')
    const seeds = [
      ...seedOf({ options: [{ key: 'ModelPrice', value: 'a' }] }, 'first'),
      ...seedOf({ options: [{ key: 'ModelPrice', value: 'b' }] }, 'second'),
    ]
    const error = await failureOf(world.apply(seeds))
    assert.equal(error.code, 'stale')
    assert.match(error.message, /after 5 rounds these seeds are still not as declared/)
  })
})
