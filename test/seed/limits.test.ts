import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { Secret } from '../../src/secret.ts'
import type { ChannelSeed } from '../../src/seed/define.ts'
import { forEachDialect } from '../support/databases.ts'
import { everythingOf, failureOf } from '../support/failures.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { createWorld, seedOf, type World } from './world.ts'

const CHANNEL: ChannelSeed = {
  id: 'one',
  type: 8,
  name: 'one',
  key: new Secret('sk-test-key'),
  models: ['a'],
  group: ['default'],
}

const LONG = 'k'.repeat(40)

interface Case {
  readonly name: string
  readonly fixture: GatewayFixture
  readonly channel: Partial<ChannelSeed>
  /** Null where it fits. */
  readonly message: RegExp | null
}

/** Limits are those of the columns that are there: an upgrade never widens a primary key. */
const CASES: readonly Case[] = [
  { name: 'a group of 40 characters', fixture: 'n25', channel: { group: [LONG] }, message: null },
  {
    name: 'a group of 40 characters',
    fixture: 'upgraded-oa-n25',
    channel: { group: [LONG] },
    message: /abilities\.group takes at most 32 characters$/,
  },
  {
    name: 'a group of 40 characters',
    fixture: 'oa',
    channel: { group: [LONG] },
    message: /channels\.group takes at most 32 characters; abilities\.group takes at most 32/,
  },
  {
    name: 'groups that are too long together',
    fixture: 'n25',
    channel: { group: ['x'.repeat(40), 'y'.repeat(40)] },
    message: /channels\.group takes at most 64 characters$/,
  },
  {
    name: 'a model of 256 characters',
    fixture: 'n25',
    channel: { models: ['m'.repeat(256)] },
    message: /abilities\.model takes at most 255 characters$/,
  },
  {
    name: 'a group of 64 Chinese characters, which are 192 bytes',
    fixture: 'n25',
    channel: { group: ['组'.repeat(64)] },
    message: null,
  },
  {
    name: 'a remark of 256 characters',
    fixture: 'n25',
    channel: { remark: 'r'.repeat(256) },
    message: /channels\.remark takes at most 255 characters$/,
  },
  {
    name: 'a column that one-api lacks',
    fixture: 'oa',
    channel: { remark: 'r' },
    message: /this gateway's version has no column channels\.remark$/,
  },
  {
    name: 'nothing for a column that one-api lacks',
    fixture: 'oa',
    channel: { remark: '' },
    message: null,
  },
  {
    name: 'a NUL character',
    fixture: 'n25',
    channel: { remark: 'a\0b' },
    message: /channels\.remark cannot hold a NUL character$/,
  },
  {
    name: 'a lone surrogate in a secret',
    fixture: 'n25',
    channel: { key: new Secret('sk-test-\ud800') },
    message: /channels\.key is not valid Unicode$/,
  },
]

const WRITTEN = [
  ['channels', 'id'],
  ['abilities', 'model'],
  ['options', 'key'],
  ['tidegate_runs', 'id'],
  ['tidegate_seeds', 'name'],
] as const

forEachDialect((_dialect, create) => {
  for (const fixture of new Set(CASES.map((one) => one.fixture))) {
    describe(`values on ${fixture}`, () => {
      let world: World
      before(async () => {
        world = await createWorld(create, fixture)
      })
      beforeEach(() => world.reset())
      for (const { name, channel, message } of CASES.filter((one) => one.fixture === fixture)) {
        it(`${name}: ${message === null ? 'written' : 'refused before anything is written'}`, async () => {
          const seeds = [
            ...seedOf({ options: [{ key: 'First', value: 'v' }] }, 'first'),
            ...seedOf({ channels: [{ ...CHANNEL, ...channel }] }, 'second'),
          ]
          if (message === null) {
            await world.apply(seeds)
            assert.equal((await world.select('abilities', ['model'])).length, 1)
            return
          }
          const error = await failureOf(world.apply(seeds))
          assert.equal(error.code, 'value')
          assert.match(error.message, message)
          assert.match(error.message, /^nothing was written: /)
          assert.ok(!everythingOf(error).includes('sk-test-'))
          for (const [table, column] of WRITTEN) {
            assert.deepEqual(await world.select(table, [column]), [], table)
          }
        })
      }
    })
  }
})
