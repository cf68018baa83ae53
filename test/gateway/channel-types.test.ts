import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CHANNEL_TYPE_SYMBOLS,
  channelTypeName,
  resolveChannelType,
} from '../../src/gateway/channel-types.ts'
import type { GatewayVersion } from '../../src/gateway/versions.ts'

const fork: GatewayVersion = {
  id: 'bltcy-fork',
  family: 'bltcy-fork',
  label: 'the Bltcy fork of new-api',
  evidence: 'abilities.workflow_price',
}
const n25: GatewayVersion = {
  id: 'new-api-2025-09',
  family: 'new-api',
  label: 'new-api since 2025-09-09',
  evidence: 'channels.settings',
}
const early: GatewayVersion = {
  id: 'new-api-2025-07-18',
  family: 'new-api',
  label: 'new-api since 2025-07-18',
  evidence: 'users.stripe_customer',
}
const oneApi: GatewayVersion = {
  id: 'one-api',
  family: 'one-api',
  label: 'one-api',
  evidence: 'tokens.subnet',
}

describe('resolveChannelType', () => {
  const cases: readonly (readonly [
    string,
    GatewayVersion | null,
    number | null,
    number,
    'override' | 'version' | 'guide',
    RegExp | null,
  ])[] = [
    ['the fork’s own number', fork, null, 55, 'version', null],
    ['the guide’s number in an unknown gateway', null, null, 37, 'guide', null],
    [
      'the guide’s number upstream',
      n25,
      null,
      37,
      'guide',
      /37 means Dify in new-api since 2025-09-09/,
    ],
    ['the guide’s number in one-api', oneApi, null, 37, 'guide', /37 means Cloudflare in one-api/],
    ['the guide’s number in an early new-api', early, null, 37, 'guide', /37 means Dify/],
    ['an override that fits', fork, 55, 55, 'override', null],
    ['an override in an unknown gateway', null, 99, 99, 'override', null],
    ['37 forced on the fork', fork, 37, 37, 'override', /37 means Dify in the Bltcy fork/],
    ['55 forced on upstream', n25, 55, 55, 'override', /55 means Sora/],
    ['55 forced on an early new-api', early, 55, 55, 'override', /55 is unknown to new-api since/],
    ['55 forced on one-api', oneApi, 55, 55, 'override', /55 is unknown to one-api/],
    ['a number beyond upstream’s list', n25, 100, 100, 'override', /100 is unknown to new-api/],
    ['a number beyond the fork’s list', fork, 56, 56, 'override', /56 is unknown to the Bltcy/],
    ['a negative number', n25, -1, -1, 'override', /-1 is unknown/],
    ['a number that may have a meaning', early, 52, 52, 'override', null],
    ['a gap of upstream’s list', n25, 30, 30, 'override', null],
  ]
  for (const [name, version, override, number, source, warning] of cases) {
    it(name, () => {
      const resolved = resolveChannelType('bltcy', version, override)
      assert.equal(resolved.number, number)
      assert.equal(resolved.source, source)
      assert.equal(resolved.warnings.length, warning === null ? 0 : 1)
      if (warning !== null) assert.match(resolved.warnings[0]!, warning)
    })
  }

  it('names the variable that settles it', () => {
    assert.match(resolveChannelType('bltcy', n25, null).warnings[0]!, /BLTCY_CHANNEL_TYPE/)
    assert.match(resolveChannelType('bltcy', oneApi, 55).warnings[0]!, /BLTCY_CHANNEL_TYPE/)
  })

  it('knows every symbol', () => {
    for (const symbol of CHANNEL_TYPE_SYMBOLS) {
      assert.equal(typeof resolveChannelType(symbol, null, null).number, 'number')
    }
  })
})

describe('channelTypeName', () => {
  const cases: readonly (readonly [GatewayVersion | null, number, string | null])[] = [
    [fork, 1, 'OpenAI'],
    [fork, 37, 'Dify'],
    [fork, 52, 'Vidu'],
    [fork, 53, 'Tripo3D'],
    [fork, 54, null],
    [fork, 55, 'Bltcy'],
    [n25, 27, 'Perplexity'],
    [n25, 28, null],
    [n25, 31, 'LingYiWanWu'],
    [n25, 33, 'AWS'],
    [n25, 37, 'Dify'],
    [n25, 50, 'Kling'],
    [n25, 53, 'Submodel'],
    [n25, 54, 'DoubaoVideo'],
    [n25, 55, 'Sora'],
    [n25, 57, 'Codex'],
    [n25, 59, null],
    [n25, -1, null],
    [early, 49, 'Coze'],
    [early, 55, null],
    [oneApi, 33, 'AWS Claude'],
    [oneApi, 37, 'Cloudflare'],
    [oneApi, 51, 'Gemini, OpenAI-compatible'],
    [oneApi, 52, null],
    [null, 37, null],
  ]
  for (const [version, number, expected] of cases) {
    it(`${number} in ${version?.label ?? 'an unknown gateway'}`, () => {
      assert.equal(channelTypeName(version, number), expected)
    })
  }
})
