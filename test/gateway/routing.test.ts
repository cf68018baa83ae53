import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { routingProfile } from '../../src/gateway/routing-profile.ts'
import { selectByAbilities, selectByChannels, type Selection } from '../../src/gateway/routing.ts'
import { abilityFacts, channelFacts } from './routing-facts.ts'

const ONE_API = routingProfile({ id: 'one-api', family: 'one-api', label: '', evidence: '' })

/** `5: 1=50% 2=50%` per tier. */
function shown(selection: Selection): string[] | string {
  if (selection.kind === 'none') return selection.rule
  return selection.tiers.map(({ priority, candidates }) => {
    const parts = candidates.map(({ channelId, chance }) => `${channelId}=${chance * 100}%`)
    return `${priority}: ${parts.join(' ')}`
  })
}

type Cells = readonly [id: string, priority: string | null, weight: string | null]

describe('abilities, where weights get 10 more', () => {
  const cases: readonly (readonly [string, readonly Cells[], string[] | string])[] = [
    [
      'by weight',
      [
        ['1', '0', '0'],
        ['2', '0', '20'],
      ],
      ['0: 1=25% 2=75%'],
    ],
    [
      'ids as numbers',
      [
        ['10', '0', '0'],
        ['9', '0', '0'],
      ],
      ['0: 9=50% 10=50%'],
    ],
    [
      'highest priority first',
      [
        ['1', '-1', '0'],
        ['2', '5', '0'],
      ],
      ['5: 2=100%', '-1: 1=100%'],
    ],
    [
      'beyond doubles',
      [
        ['1', '9007199254740993', '0'],
        ['2', '9007199254740992', '0'],
      ],
      ['9007199254740993: 1=100%', '9007199254740992: 2=100%'],
    ],
    [
      'no NULL beside others',
      [
        ['1', null, '0'],
        ['2', '-1', '0'],
      ],
      ['-1: 2=100%'],
    ],
    ['NULL only', [['1', null, '0']], 'A2'],
    [
      'NULL weight',
      [
        ['1', '0', null],
        ['2', '0', '0'],
      ],
      ['0: 1=50% 2=50%'],
    ],
    [
      'what cannot be read',
      [
        ['1', '⟨text⟩high', '0'],
        ['2', '0', '⟨text⟩x'],
      ],
      ['0: 2=100%'],
    ],
    ['none', [], 'A1'],
  ]
  for (const [title, rows, expected] of cases) {
    test(title, () => {
      const abilities = rows.map(([channelId, priority, weight]) =>
        abilityFacts({ channelId, priority, weight }),
      )
      assert.deepEqual(shown(selectByAbilities(routingProfile(null), abilities)), expected)
    })
  }

  for (const enabled of ['false', null, '⟨text⟩true', '⟨integer⟩2']) {
    test(`enabled ${enabled} is not`, () => {
      const selection = selectByAbilities(routingProfile(null), [abilityFacts({ enabled })])
      assert.equal(shown(selection), 'A1')
    })
  }
})

describe('channels of the cache', () => {
  const cases: readonly (readonly [string, readonly Cells[], string[] | string])[] = [
    [
      'by weight',
      [
        ['1', '0', '1'],
        ['2', '0', '3'],
      ],
      ['0: 1=25% 2=75%'],
    ],
    [
      'weight 0 beside others',
      [
        ['1', '0', '0'],
        ['2', '0', '3'],
      ],
      ['0: 1=0% 2=100%'],
    ],
    [
      'all weights 0',
      [
        ['1', '0', '0'],
        ['2', '0', null],
      ],
      ['0: 1=50% 2=50%'],
    ],
    [
      'twice in a list',
      [
        ['1', '0', '0'],
        ['1', '0', '0'],
        ['2', '0', '0'],
        ['3', '0', '0'],
      ],
      ['0: 1=50% 2=25% 3=25%'],
    ],
    [
      'NULL priority is 0',
      [
        ['1', null, '0'],
        ['2', '-1', '0'],
      ],
      ['0: 1=100%', '-1: 2=100%'],
    ],
    ['none', [], 'C1'],
  ]
  for (const [title, rows, expected] of cases) {
    test(title, () => {
      const channels = rows.map(([id, priority, weight]) => channelFacts({ id, priority, weight }))
      assert.deepEqual(shown(selectByChannels(routingProfile(null), channels)), expected)
    })
  }

  test('one-api takes all channels as one when no priority is above 0', () => {
    const channels = ['0', '-5'].map((priority, index) =>
      channelFacts({ id: String(index), priority, weight: '7' }),
    )
    assert.deepEqual(shown(selectByChannels(ONE_API, channels)), ['0: 0=50% 1=50%'])
  })

  test('one-api retries all lower priorities as one', () => {
    const channels = ['9', '5', '-5'].map((priority, index) =>
      channelFacts({ id: String(index), priority }),
    )
    assert.deepEqual(shown(selectByChannels(ONE_API, channels)), ['9: 0=100%', '5: 1=50% 2=50%'])
  })
})
