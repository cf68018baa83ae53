import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SecretReference } from '../../src/apply/secrets.ts'
import { parseReferences } from '../../src/sync/secrets.ts'
import { everythingOf, failureOf } from '../support/failures.ts'

const KEY = 'sk-test-0123456789abcdef'
const OTHER = 'plain-password-of-no-known-form'

const env = (name: string): SecretReference => ({ kind: 'env', name })
const file = (path: string): SecretReference => ({ kind: 'file', path })

const PARSED: readonly (readonly [flag: string, row: string, reference: SecretReference])[] = [
  ['channels/openai=env:OPENAI_KEY', 'channels/openai', env('OPENAI_KEY')],
  ['channels/openai/setting=env:_x9', 'channels/openai/setting', env('_x9')],
  ['channels/a=file:/run/secrets/a', 'channels/a', file('/run/secrets/a')],
  ['channels/旧 "网关"/=x=env:K', 'channels/旧 "网关"/=x', env('K')],
  ['channels/a=env:B=file:c=env:D', 'channels/a=env:B=file:c', env('D')],
  ['channels/a\nb=file:./x=y:z', 'channels/a\nb', file('./x=y:z')],
]

const REFUSED = [
  `channels/a=${KEY}`,
  `channels/a=env:${KEY}`,
  `channels/a=file:${KEY}`,
  `channels/a=${OTHER}`,
  `channels/a=env:${OTHER}`,
  `channels/a=ENV:${OTHER}`,
  `channels/a=env: ${OTHER}`,
  `channels/a=env:9${OTHER}`,
  `channels/a=file:${OTHER}\nx`,
  `channels/a:env:${OTHER}`,
  OTHER,
  `${OTHER}=env:K`,
  `channels/=env:K${OTHER}`,
  'channels/a=env:',
  'channels/a=file:',
  '',
]

describe('references', () => {
  for (const [flag, row, reference] of PARSED) {
    it(`of a flag: ${JSON.stringify(flag)}`, () => {
      assert.deepEqual([...parseReferences([flag], {})], [[row, reference]])
    })

    it(`of the configuration: ${JSON.stringify(flag)}`, () => {
      const text = reference.kind === 'env' ? `env:${reference.name}` : flag.slice(row.length + 1)
      assert.deepEqual([...parseReferences([], { [row]: text })], [[row, reference]])
    })
  }

  it('flags beat the configuration, and later flags earlier ones', () => {
    const config = { 'channels/a': 'env:A', 'channels/b': 'env:B' }
    const references = parseReferences(['channels/a=env:X', 'channels/a=file:y'], config)
    assert.deepEqual(Object.fromEntries(references), {
      'channels/a': file('y'),
      'channels/b': env('B'),
    })
  })

  for (const text of REFUSED) {
    it(`refused and not told: ${JSON.stringify(text)}`, async () => {
      const good = 'channels/good=env:GOOD'
      const value = text.slice(text.indexOf('=') + 1)
      for (const parse of [
        () => parseReferences([good, text], {}),
        ...(text.startsWith('channels/a=')
          ? [() => parseReferences([], { 'channels/a': value })]
          : []),
      ]) {
        const error = await failureOf(async () => parse())
        assert.equal(error.code, 'usage')
        const told = everythingOf(error)
        assert.ok(!told.includes(KEY) && !told.includes(OTHER), told)
        assert.match(error.nextStep ?? '', /TABLE\/NAME=env:VARIABLE/)
      }
    })
  }

  it('says which one is wrong', async () => {
    const flags = ['channels/a=env:A', 'channels/b=x']
    const flag = await failureOf(async () => parseReferences(flags, {}))
    assert.match(flag.message, /^--secret, number 2: /)
    const config = await failureOf(async () => parseReferences([], { 'channels/b': 'x' }))
    assert.match(config.message, /configuration, "channels\/b": /)
  })
})
