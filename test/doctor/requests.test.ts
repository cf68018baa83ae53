import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestsOf } from '../../src/doctor/requests.ts'
import type { TokenFacts, UserFacts } from '../../src/gateway/facts.ts'
import { routingProfile } from '../../src/gateway/routing-profile.ts'
import { NO_OPTIONS, tokenFacts } from '../gateway/routing-facts.ts'

const TOKEN = tokenFacts()

const user = (id: string, group: string): UserFacts => ({
  id,
  name: `user ${id}`,
  status: '1',
  role: '1',
  group,
  quota: '1',
  acceptsUnpriced: false,
})

/** Beside a token that is served in group `default`: another one, and the tokens of each group. */
const OTHERS: Readonly<
  Record<string, readonly [Partial<TokenFacts>, Readonly<Record<string, number>>]>
> = {
  'a token like it': [{ id: '2', name: 'other' }, { default: 2 }],
  'more quota, without a limit': [{ remainQuota: '7' }, { default: 2 }],
  'another group': [{ group: 'vip' }, { default: 1, vip: 1 }],
  'a user of another group': [{ userId: '2' }, { default: 1, svip: 1 }],
  'nobody’s token': [{ userId: '9' }, { default: 1 }],
  disabled: [{ status: '2' }, { default: 1 }],
  expired: [{ expiredTime: '1' }, { default: 1 }],
  'not expired yet': [{ expiredTime: '9999999999' }, { default: 2 }],
  exhausted: [{ isUnlimited: false }, { default: 1 }],
  'a key that nobody finds': [{ isKeyFindable: false }, { default: 1 }],
  'limits without the model': [{ limitsEnabled: true, limits: 'other' }, { default: 1 }],
  'limits with the model': [{ limitsEnabled: true, limits: 'm1,other' }, { default: 2 }],
  'limits that are switched off': [{ limits: 'other' }, { default: 2 }],
}

function tokensByGroup(tokens: readonly TokenFacts[]): Record<string, number> {
  const requests = requestsOf({
    scope: { models: ['m1'], path: null, token: null, user: null, group: null },
    models: ['m1'],
    tokens,
    users: new Map([user('1', 'default'), user('2', 'svip')].map((one) => [one.id, one])),
    options: NO_OPTIONS,
    declared: [],
    profile: routingProfile(null),
    now: new Date('2026-01-01T00:00:00Z'),
  })
  return Object.fromEntries(
    requests.map(({ access, tokens: count }) => {
      assert.equal(access.kind, 'granted')
      return [access.kind === 'granted' ? access.groups.join() : '', count]
    }),
  )
}

for (const [name, [other, expected]] of Object.entries(OTHERS)) {
  test(`tokens of one kind of request: ${name}`, () => {
    assert.deepEqual(tokensByGroup([TOKEN, { ...TOKEN, ...other }]), expected)
    assert.deepEqual(tokensByGroup([{ ...TOKEN, ...other }, TOKEN]), expected)
  })
}
