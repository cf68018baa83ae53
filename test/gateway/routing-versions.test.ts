import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type BaseUrlProblem, baseUrlProblem } from '../../src/gateway/channel-base-urls.ts'
import type { OptionFacts, UserFacts } from '../../src/gateway/facts.ts'
import { matchingModelName, modelOfPath } from '../../src/gateway/model-names.ts'
import { isPriced } from '../../src/gateway/prices.ts'
import { routingProfile } from '../../src/gateway/routing-profile.ts'
import type { GatewayVersion, GatewayVersionId } from '../../src/gateway/versions.ts'
import { NO_OPTIONS } from './routing-facts.ts'

function version(id: GatewayVersionId): GatewayVersion {
  const family = id === 'one-api' || id === 'bltcy-fork' ? id : 'new-api'
  return { id, family, label: id, evidence: 'made.up' }
}

test('what versions refuse', () => {
  const ids: readonly (GatewayVersionId | null)[] = [
    ...([null, 'new-api-2026-04', 'new-api-2025-12', 'new-api-2025-03'] as const),
    ...(['new-api-2024-12', 'new-api-2024-03', 'bltcy-fork', 'one-api'] as const),
  ]
  const rows = ids.map((id) => {
    const profile = routingProfile(id === null ? null : version(id))
    const { readsIpRanges, refusesDisabledKeys, hasTokenGroups, isWeighted } = profile
    const flags = { ranges: readsIpRanges, keys: refusesDisabledKeys, groups: hasTokenGroups }
    const set = Object.entries({ ...flags, weights: isWeighted }).filter(([, isSet]) => isSet)
    return [id, profile.unpricedStatus, set.map(([name]) => name).join(' ')]
  })
  assert.deepEqual(rows, [
    [null, 400, 'ranges keys groups weights'],
    ['new-api-2026-04', 400, 'ranges keys groups weights'],
    ['new-api-2025-12', 500, 'groups weights'],
    ['new-api-2025-03', 500, 'groups weights'],
    ['new-api-2024-12', null, 'groups weights'],
    ['new-api-2024-03', null, 'weights'],
    ['bltcy-fork', null, 'groups weights'],
    ['one-api', null, ''],
  ])
})

describe('matchingModelName', () => {
  const cases = [
    ['gemini-2.5-flash-lite-preview-thinking-512', 'gemini-2.5-flash-lite-thinking-*'],
    ['gemini-2.5-flash-thinking-128', 'gemini-2.5-flash-thinking-*'],
    ['gemini-2.5-pro-thinking-1', 'gemini-2.5-pro-thinking-*'],
    ['gemini-2.5-pro-thinking', 'gemini-2.5-pro-thinking'],
    ['gemini-2.5-flash-lite', 'gemini-2.5-flash-lite'],
    ['gpt-4-gizmo-g-x', 'gpt-4-gizmo-*'],
    ['gpt-4o-gizmo-g-x', 'gpt-4o-gizmo-*'],
    ['gpt-4o', 'gpt-4o'],
  ] as const
  for (const [model, expected] of cases) {
    test(model, () => assert.equal(matchingModelName(model), expected))
  }
})

describe('modelOfPath', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['/runway/v1/tasks', 'runway'],
    ['/runwayml/v1/image_to_video', 'runway'],
    ['/pika', 'pika'],
    ['/kling/v1/videos?x=/pika', 'kling'],
    ['/klingon/v1', null],
    ['/v1/runway', null],
    ['runway/v1', null],
    ['/', null],
  ]
  for (const [path, expected] of cases) {
    test(path, () => assert.equal(modelOfPath(version('bltcy-fork'), path), expected))
  }
  test('only the fork has such paths', () => {
    assert.equal(modelOfPath(version('new-api-2025-09'), '/runway/v1'), null)
    assert.equal(modelOfPath(null, '/runway/v1'), null)
  })
})

describe('baseUrlProblem', () => {
  const cases: readonly (readonly [
    GatewayVersionId | null,
    type: string | null,
    string | null,
    BaseUrlProblem | null,
  ])[] = [
    ['new-api-2025-09', '1', 'https://up.example', null],
    ['new-api-2025-09', '99', 'https://up.example', null],
    ['new-api-2025-09', '1', '', null],
    ['new-api-2025-09', '1', null, 'null'],
    ['new-api-2025-09', '8', '', 'no-default'],
    ['new-api-2025-09', null, '', 'no-default'],
    ['new-api-2025-09', '33', null, null],
    ['new-api-2025-09', '55', '', null],
    ['new-api-2025-09', '56', '', 'out-of-range'],
    ['new-api-2025-09', '-1', '', 'out-of-range'],
    ['new-api-2026-04', '58', '', null],
    ['new-api-2026-04', '59', '', 'out-of-range'],
    [null, '58', '', null],
    ['bltcy-fork', '55', '', 'no-default'],
    ['bltcy-fork', '55', null, 'null'],
    ['bltcy-fork', '56', '', 'out-of-range'],
    ['one-api', '1', null, null],
    ['one-api', '50', null, 'no-default'],
    ['one-api', '33', '', null],
    ['one-api', '52', '', 'out-of-range'],
  ]
  for (const [id, type, url, expected] of cases) {
    test(`${id}: type ${type} with ${url}`, () => {
      assert.equal(baseUrlProblem(id === null ? null : version(id), type, url), expected)
    })
  }
})

describe('isPriced', () => {
  const names = (...list: string[]) => ({ kind: 'value', value: new Set(list) }) as const
  const cases: readonly (readonly [string, string, Partial<OptionFacts>, boolean])[] = [
    ['a price', 'runway', { modelPrice: names('runway') }, true],
    ['a ratio', 'runway', { modelRatio: names('runway') }, true],
    ['a wildcard', 'gpt-4-gizmo-g-x', { modelRatio: names('gpt-4-gizmo-*') }, true],
    ['built in', 'gpt-4o', {}, true],
    ['not built in', 'runway', {}, false],
    ['replaced', 'gpt-4o', { modelPrice: names('runway'), modelRatio: names() }, false],
    ['emptied', 'gpt-4o', { modelPrice: { kind: 'invalid' }, modelRatio: names() }, false],
    ['self use', 'runway', { selfUse: true }, true],
  ]
  for (const [title, model, change, expected] of cases) {
    test(title, () => assert.equal(isPriced({ ...NO_OPTIONS, ...change }, model, null), expected))
  }
  test('the user accepts it', () => {
    const user = { acceptsUnpriced: true } as UserFacts
    assert.equal(isPriced(NO_OPTIONS, 'runway', user), true)
  })
})
