import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AccessRequest,
  grantAccess,
  usableAutoGroups,
  usableGroups,
} from '../../src/gateway/access.ts'
import type { JsonOption, OptionFacts, TokenFacts, UserFacts } from '../../src/gateway/facts.ts'
import { routingProfile } from '../../src/gateway/routing-profile.ts'
import { NO_OPTIONS, tokenFacts } from './routing-facts.ts'

const invalid: JsonOption<never> = { kind: 'invalid' }

function names(...list: string[]): JsonOption<ReadonlySet<string>> {
  return { kind: 'value', value: new Set(list) }
}

const TOKEN = tokenFacts({ group: 'default' })

const USER: UserFacts = {
  id: '1',
  name: 'made up',
  status: '1',
  role: '1',
  group: 'default',
  quota: '1',
  acceptsUnpriced: false,
}

interface Change {
  readonly token?: Partial<TokenFacts> | null
  readonly user?: Partial<UserFacts> | null
  readonly options?: Partial<OptionFacts>
  readonly request?: Partial<AccessRequest>
}

const NOW = new Date('2026-11-22T18:00:00Z')
const SECONDS = NOW.getTime() / 1000

/** `403 G3 group`, or the groups with what they are. */
function ask({ token = {}, user = {}, options = {}, request = {} }: Change): string {
  const access = grantAccess({
    profile: routingProfile(null),
    token: token === null ? null : { ...TOKEN, ...token },
    user: user === null ? null : { ...USER, ...user },
    options: { ...NO_OPTIONS, ...options },
    group: null,
    model: 'runway',
    now: NOW,
    ...request,
  })
  if (access.kind === 'refused') return `${access.status} ${access.rule} ${access.stage}`
  const { groups, isAuto, isFallback } = access
  return [...groups, ...(isAuto ? ['(auto)'] : []), ...(isFallback ? ['(fallback)'] : [])].join(' ')
}

const ONE_API = routingProfile({ id: 'one-api', family: 'one-api', label: '', evidence: '' })

describe('grantAccess', () => {
  const auto = { userUsableGroups: names('auto', 'a', 'c') }
  const cases: readonly (readonly [string, Change, string])[] = [
    ['a token as it should be', {}, 'default'],
    ['a key that is not found', { token: { isKeyFindable: false } }, '401 T1 token'],
    ['a disabled token', { token: { status: '2' } }, '401 T2 token'],
    ['a status that cannot be read', { token: { status: '⟨text⟩1' } }, '401 T2 token'],
    ['expired a second ago', { token: { expiredTime: `${SECONDS - 1}` } }, '401 T3 token'],
    ['expiring now', { token: { expiredTime: `${SECONDS}` } }, 'default'],
    ['0 is long ago', { token: { expiredTime: '0' } }, '401 T3 token'],
    ['so is NULL', { token: { expiredTime: null } }, '401 T3 token'],
    ['no quota', { token: { isUnlimited: false } }, '401 T4 token'],
    ['some quota', { token: { isUnlimited: false, remainQuota: '1' } }, 'default'],
    ['no user', { user: null }, '500 U1 user'],
    ['a disabled user', { user: { status: '2' } }, '403 U1 user'],
    ['the token before its user', { token: { status: '3' }, user: null }, '401 T2 token'],
    ['the user’s group', { token: { group: '' }, user: { group: 'vip' } }, 'vip (fallback)'],
    ['NULL likewise', { token: { group: null }, user: { group: 'vip' } }, 'vip (fallback)'],
    [
      'the user’s group has no ratio',
      { token: { group: '' }, user: { group: 'x' } },
      'x (fallback)',
    ],
    ['no group at all', { token: { group: '' }, user: { group: null } }, '503 G2 group'],
    ['not usable', { token: { group: 'svip' } }, '403 G3 group'],
    ['the user’s own', { token: { group: 'svip' }, user: { group: 'svip' } }, 'svip'],
    ['not trimmed', { token: { group: ' default' } }, '403 G3 group'],
    ['without a ratio', { token: { group: 'x' }, user: { group: 'x' } }, '403 G4 group'],
    ['no ratio is left', { options: { groupRatio: invalid } }, '403 G4 group'],
    ['the group before the limits', { token: { group: 'x', limitsEnabled: true } }, '403 G3 group'],
    ['not in the limits', { token: { limitsEnabled: true, limits: 'pika' } }, '403 T6 model'],
    ['in the limits', { token: { limitsEnabled: true, limits: 'pika,runway' } }, 'default'],
    ['not trimmed either', { token: { limitsEnabled: true, limits: ' runway' } }, '403 T6 model'],
    ['empty limits', { token: { limitsEnabled: true, limits: '' } }, '403 T6 model'],
    ['limits that are off', { token: { limits: 'pika' } }, 'default'],
    [
      'a wildcard in the limits',
      {
        token: { limitsEnabled: true, limits: 'gpt-4-gizmo-*' },
        request: { model: 'gpt-4-gizmo-g-x' },
      },
      'default',
    ],
    [
      'no wildcard in one-api',
      {
        token: { limitsEnabled: true, limits: 'gpt-4-gizmo-*' },
        request: { model: 'gpt-4-gizmo-g-x', profile: ONE_API },
      },
      '403 T6 model',
    ],
    [
      'the limits before a missing group',
      { token: { group: '', limitsEnabled: true }, user: { group: '' } },
      '403 T6 model',
    ],
    ['auto must be usable', { token: { group: 'auto' } }, '403 G3 group'],
    [
      'auto in its order',
      {
        token: { group: 'auto' },
        options: { ...auto, autoGroups: { kind: 'value', value: ['c', 'b', 'a'] } },
      },
      'c a (auto)',
    ],
    ['auto as built in', { token: { group: 'auto' }, options: auto }, 'default (auto)'],
    [
      'auto without groups',
      { token: { group: 'auto' }, options: { ...auto, autoGroups: invalid } },
      '503 G5 group',
    ],
    [
      'auto of the user',
      { token: { group: '' }, user: { group: 'auto' } },
      'default (auto) (fallback)',
    ],
    ['one-api knows no token group', { request: { profile: ONE_API } }, 'default (fallback)'],
    ['another group is asked for', { request: { group: 'vip' } }, 'vip'],
    ['another that is not usable', { request: { group: 'svip' } }, '403 G3 group'],
    ['a group alone', { token: null, user: null, request: { group: 'x' } }, 'x'],
    ['nobody and nothing', { token: null, user: null }, '503 G2 group'],
    ['a user alone', { token: null }, 'default (fallback)'],
  ]
  for (const [title, change, expected] of cases) {
    test(title, () => assert.equal(ask(change), expected))
  }
})

describe('usable groups', () => {
  test('special groups add and take away, and the user’s own stays', () => {
    const changes = new Map([
      ['extra', true],
      ['default', false],
      ['vip', false],
    ])
    const specialGroups = { kind: 'value', value: new Map([['vip', changes]]) } as const
    const options = { ...NO_OPTIONS, specialGroups }
    assert.deepEqual([...usableGroups(options, 'vip')].toSorted(), ['extra', 'vip'])
    assert.deepEqual([...usableGroups(options, 'default')].toSorted(), ['default', 'vip'])
  })

  test('an option that is not JSON leaves only the user’s own', () => {
    const options = { ...NO_OPTIONS, userUsableGroups: invalid }
    assert.deepEqual([...usableGroups(options, 'x')], ['x'])
    assert.deepEqual([...usableGroups(options, '')], [])
    assert.deepEqual(usableAutoGroups(options, 'default'), ['default'])
    assert.deepEqual(usableAutoGroups(options, 'x'), [])
  })
})
