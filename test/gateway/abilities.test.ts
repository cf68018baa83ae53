import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AbilityChannel, compareBytes, deriveAbilities } from '../../src/gateway/abilities.ts'
import { joinList, splitList } from '../../src/gateway/lists.ts'

const bltcy: AbilityChannel = {
  models: 'runway,pika,kling',
  group: 'default',
  status: '1',
  priority: '5',
  weight: '10',
  tag: null,
}

const name = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', '模', '😀') })
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 6 })

function pairs(channel: AbilityChannel): string[] {
  return deriveAbilities(channel).map(({ group, model }) => `${group}/${model}`)
}

describe('deriveAbilities', () => {
  it('gives one ability per group and model with the channel’s cells', () => {
    assert.deepEqual(deriveAbilities({ ...bltcy, models: 'runway', tag: 'video' }), [
      {
        group: 'default',
        model: 'runway',
        enabled: true,
        priority: '5',
        weight: '10',
        tag: 'video',
      },
    ])
  })

  const cases: readonly (readonly [string, Partial<AbilityChannel>, string[]])[] = [
    ['in byte order', {}, ['default/kling', 'default/pika', 'default/runway']],
    ['group before model', { models: 'm', group: 'vip,default' }, ['default/m', 'vip/m']],
    ['not in UTF-16 order', { models: 'ﬀ,😀' }, ['default/ﬀ', 'default/😀']],
    ['untrimmed', { models: 'a, b' }, ['default/ b', 'default/a']],
    [
      'padding as the guide wrote it',
      { models: ',runway,', group: ',default,' },
      ['/', '/runway', 'default/', 'default/runway'],
    ],
    ['repeated once', { models: 'a,a', group: 'default,default' }, ['default/a']],
    ['NULL as empty', { models: null, group: null }, ['/']],
    [
      'names that collide in the gateway’s key',
      { models: 'c,b|c', group: 'a|b,a' },
      ['a/c', 'a|b/b|c', 'a|b/c'],
    ],
  ]
  for (const [title, change, expected] of cases) {
    it(title, () => assert.deepEqual(pairs({ ...bltcy, ...change }), expected))
  }

  for (const status of ['0', '2', '3', null, '⟨text⟩1']) {
    it(`is disabled at status ${status}`, () => {
      assert.ok(deriveAbilities({ ...bltcy, status }).every(({ enabled }) => !enabled))
    })
  }

  it('writes 0 where the channel’s priority or weight is NULL', () => {
    const [ability] = deriveAbilities({ ...bltcy, priority: null, weight: null })
    assert.deepEqual([ability?.priority, ability?.weight], ['0', '0'])
  })

  it('gives groups × models for clean lists, in strictly ascending order', () => {
    fc.assert(
      fc.property(names, names, (groups, models) => {
        const abilities = deriveAbilities({
          ...bltcy,
          group: joinList(groups),
          models: joinList(models),
        })
        assert.equal(abilities.length, groups.length * models.length)
        const keys = abilities.map(({ group, model }) => Buffer.from(`${group}\0${model}`))
        assert.ok(keys.every((key, index) => index === 0 || keys[index - 1]!.compare(key) < 0))
      }),
    )
  })

  it('covers every element that the gateway reads', () => {
    const list = fc.string({ unit: fc.constantFrom('a', 'b', ',', ' ') })
    fc.assert(
      fc.property(list, list, (models, group) => {
        const abilities = deriveAbilities({ ...bltcy, models, group })
        assert.deepEqual(new Set(abilities.map((a) => a.model)), new Set(splitList(models)))
        assert.deepEqual(new Set(abilities.map((a) => a.group)), new Set(splitList(group)))
      }),
    )
  })
})

describe('compareBytes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 })
  const edges = fc.string({
    unit: fc.constantFrom('a', '\u0000', '\u007f', '\u07ff', '\ud7ff', '\ue000', '\uffff', '😀'),
    maxLength: 4,
  })

  for (const [kind, arbitrary] of [
    ['any code points', text],
    ['the edges of the encoding', edges],
  ] as const) {
    it(`orders ${kind} as Buffer.compare does`, () => {
      fc.assert(
        fc.property(arbitrary, arbitrary, (a, b) => {
          const expected = Buffer.compare(Buffer.from(a), Buffer.from(b))
          assert.equal(Math.sign(compareBytes(a, b)), expected)
        }),
        { numRuns: 1000 },
      )
    })
  }

  it('puts a prefix first', () => {
    assert.ok(compareBytes('run', 'runway') < 0)
    assert.equal(compareBytes('', ''), 0)
  })
})
