import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { ConfigError } from '../../src/errors.ts'
import { declareSeeds } from '../../src/seed/declare.ts'
import { type ChannelSeed, include, initial, type Seed } from '../../src/seed/define.ts'
import { type Inputs, optionalInteger, secret, text, url } from '../../src/seed/inputs.ts'
import { Secret } from '../../src/secret.ts'
import { everythingOf, failureOf } from '../support/failures.ts'
import { bltcy, type SeedEnv, seedOf } from './world.ts'

const KEY = 'sk-test-0123456789abcdef'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidegate-inputs-'))
  await writeFile(join(folder, 'key'), `${KEY}\n`, { mode: 0o600 })
  await writeFile(join(folder, 'open'), KEY, { mode: 0o644 })
  await writeFile(join(folder, 'empty'), '\n', { mode: 0o600 })
})
after(() => rm(folder, { recursive: true, force: true }))

async function declared(inputs: Inputs, env: SeedEnv) {
  let seen: Readonly<Record<string, unknown>> = {}
  const seed: Seed = { description: '', inputs, rows: (values) => ((seen = values), {}) }
  const variables = Object.assign(Object.create(null) as object, env) as SeedEnv
  const [result] = declareSeeds([{ name: 'a', path: 'a.ts', seed }], variables, folder)
  return { values: seen, seed: result! }
}

async function faultsOf(inputs: Inputs, env: SeedEnv): Promise<string[]> {
  const error = await failureOf(() => declared(inputs, env))
  assert.ok(error instanceof ConfigError)
  assert.ok(!everythingOf(error).includes('sk-test-'), 'a value is quoted')
  return error.faults.map(({ source, problem }) => `${source}: ${problem}`)
}

describe('inputs', () => {
  it('all that is missing is told at once, each variable once, over all seeds', async () => {
    const seed: Seed = {
      description: '',
      inputs: {
        a: secret('A_KEY'),
        b: url('B_URL'),
        c: text('C_TEXT'),
        d: optionalInteger('D_INT'),
      },
      rows: () => ({}),
    }
    const files = ['one', 'two'].map((name) => ({ name, path: `${name}.ts`, seed }))
    const error = await failureOf(async () => declareSeeds(files, { D_INT: 'x' }, folder))
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(
      error.faults.map(({ source }) => source),
      ['A_KEY', 'B_URL', 'C_TEXT', 'D_INT'],
    )
    assert.match(
      error.message,
      /^4 faults in the configuration:\n {2}- A_KEY: is not set; .*A_KEY_FILE/,
    )
  })

  it('a secret comes from NAME or from the file that NAME_FILE names', async () => {
    for (const env of [
      { A_KEY: KEY },
      { A_KEY_FILE: 'key' },
      { A_KEY_FILE: join(folder, 'key') },
    ]) {
      const { values, seed } = await declared({ a: secret('A_KEY') }, env)
      assert.equal((values['a'] as Secret).reveal(), KEY)
      assert.ok(!inspect(seed, { depth: 9, showHidden: true }).includes(KEY))
      assert.equal(seed.secrets.length, 1)
      assert.deepEqual(seed.warnings, [])
    }
  })

  it('a file that others can read is warned about', async () => {
    const { seed } = await declared({ a: secret('A_KEY') }, { A_KEY_FILE: 'open' })
    assert.match(
      seed.warnings.join(),
      /^A_KEY_FILE: others on this machine can read open; .*chmod 600/,
    )
  })

  const secretFaults = [
    [{ A_KEY: '' }, /^A_KEY: it is set but empty$/],
    [{ A_KEY: KEY, A_KEY_FILE: 'key' }, /^A_KEY: A_KEY_FILE is set too: keep one of them$/],
    [{ A_KEY_FILE: 'missing' }, /^A_KEY_FILE: the file missing cannot be read \(ENOENT\)$/],
    [{ A_KEY_FILE: 'empty' }, /^A_KEY_FILE: the content of empty is empty$/],
    [{ A_KEY_FILE: '.' }, /^A_KEY_FILE: the file \. is not a file$/],
    [{ A_KEY: `${KEY}\n` }, /^A_KEY: its value /],
  ] as const
  for (const [env, fault] of secretFaults) {
    it(`a secret from ${Object.keys(env).join(' and ')} is refused: ${fault.source}`, async () => {
      const [found, ...others] = await faultsOf({ a: secret('A_KEY') }, env)
      assert.match(found!, fault)
      assert.deepEqual(others, [])
    })
  }

  const urls = [
    ['https://a.example', null],
    ['http://127.0.0.1:3000/v1', null],
    ['http://[::1]:3000', null],
    ['http://tidegate_gateway.internal', null],
    ['', /is not set/],
    ['a.example', /starts with http:\/\/ or https:\/\//],
    ['ftp://a.example', /starts with http/],
    ['HTTPS//a', /starts with http/],
    ['https://user:sk-test-1@a.example', /must not carry a user or a password/],
    ['https://sk-test-1@a.example', /must not carry a user or a password/],
    ['https://a.example?x=sk-test-1', /must end before any \? or #/],
    ['https://a.example#sk-test-1', /must end before any \? or #/],
    ['https://a b', /starts with http|whitespace/],
    [' https://a.example', /whitespace/],
  ] as const
  for (const [value, fault] of urls) {
    it(`the URL ${JSON.stringify(value)} is ${fault === null ? 'taken' : 'refused'}`, async () => {
      const inputs = { b: url('B_URL') }
      if (fault === null) {
        assert.equal((await declared(inputs, { B_URL: value })).values['b'], value)
        return
      }
      const faults = await faultsOf(inputs, { B_URL: value })
      assert.equal(faults.length, 1)
      assert.match(faults[0]!, fault)
    })
  }

  const integers = [
    ['55', 55],
    ['0', 0],
    [undefined, null],
    ['', null],
    ['-1', /whole number/],
    ['1.5', /whole number/],
    ['0x10', /whole number/],
    ['055', /whole number/],
    ['99999999999', /whole number/],
  ] as const
  for (const [value, result] of integers) {
    it(`the whole number ${JSON.stringify(value)}`, async () => {
      const inputs = { d: optionalInteger('D_INT') }
      if (result instanceof RegExp) {
        assert.match((await faultsOf(inputs, { D_INT: value })).join(), result)
      } else {
        assert.equal((await declared(inputs, { D_INT: value })).values['d'], result)
      }
    })
  }

  it('a variable named like a member of every object is not set', async () => {
    assert.match(
      (await faultsOf({ a: text('constructor') }, {})).join(),
      /^constructor: is not set/,
    )
  })

  it('the shipped seed names its channel by BLTCY_CHANNEL_NAME', async () => {
    const [seed] = await bltcy({ BLTCY_CHANNEL_NAME: 'mine' })
    assert.equal(seed!.channels[0]!.name, 'mine')
  })
})

const CHANNEL: ChannelSeed = {
  id: 'one',
  type: 8,
  name: 'one',
  key: new Secret(KEY),
  models: ['a'],
  group: ['default'],
}

describe('what a seed declares', () => {
  const bad = [
    ['an empty list', { models: [] }, /declares models as a list that is empty or not clean/],
    ['a padded element', { models: [' a'] }, /declares models/],
    ['an element with a comma', { group: include(['a,b']) }, /declares group/],
    ['an element with a full-width comma', { group: initial(['a，b']) }, /declares group/],
    ['an empty element', { models: include(['']) }, /declares models/],
    ['a text for a list', { models: include('a' as never) }, /declares models/],
    ['a fraction', { priority: 1.5 }, /declares priority as something that is no value/],
    ['not a number', { weight: Number.NaN }, /declares weight as something that is no value/],
    ['an object', { tag: {} as never }, /declares tag as something that is no value/],
    ['nothing', { tag: undefined as never }, /declares tag as something that is no value/],
    ['a status that is none', { status: 'on' as never }, /declares status/],
    ['an id that is no word', { id: 'One channel' }, /id is no simple word/],
  ] as const
  for (const [name, cells, message] of bad) {
    it(`${name} is refused`, async () => {
      const error = await failureOf(async () => seedOf({ channels: [{ ...CHANNEL, ...cells }] }))
      assert.equal(error.code, 'seed')
      assert.match(error.message, message)
      assert.ok(error.nextStep)
    })
  }

  it('the same row twice is refused', async () => {
    const options = [
      { key: 'A', value: '1' },
      { key: 'A', value: '2' },
    ]
    for (const rows of [{ channels: [CHANNEL, CHANNEL] }, { options }]) {
      assert.match(
        (await failureOf(async () => seedOf(rows))).message,
        /declares the same row twice/,
      )
    }
  })

  it('the checksum changes with every declared cell, and never with a secret', () => {
    const checksum = (cells: Partial<ChannelSeed>) =>
      seedOf({ channels: [{ ...CHANNEL, ...cells }] })[0]!.checksum
    const base = checksum({})
    assert.equal(checksum({ key: new Secret('sk-test-other') }), base)
    const others = [
      { type: 9 },
      { name: 'two' },
      { models: include(['a']) },
      { priority: 1 },
      { priority: initial(1) },
    ]
    assert.equal(new Set([base, ...others.map(checksum)]).size, others.length + 1)
  })
})
