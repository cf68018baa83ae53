import type {
  AbilityFacts,
  ChannelFacts,
  JsonOption,
  OptionFacts,
  TokenFacts,
} from '../../src/gateway/facts.ts'

/** An enabled channel for model `a` in group `g`. */
export function channelFacts(facts: Partial<ChannelFacts> = {}): ChannelFacts {
  return {
    id: '1',
    name: 'made up',
    type: '1',
    status: '1',
    models: 'a',
    group: 'g',
    priority: '0',
    weight: '0',
    tag: null,
    baseUrl: '',
    key: 'set',
    keys: null,
    invalidJson: [],
    isInfoReadable: true,
    misread: [],
    statusReason: null,
    statusTime: null,
    ...facts,
  }
}

/** An enabled ability of channel 1. */
export function abilityFacts(facts: Partial<AbilityFacts> = {}): AbilityFacts {
  return {
    group: 'g',
    model: 'a',
    channelId: '1',
    enabled: 'true',
    priority: '0',
    weight: '0',
    ...facts,
  }
}

export const ABSENT: JsonOption<never> = { kind: 'absent' }

/** None is stored: the built-in ones count. */
export const NO_OPTIONS: OptionFacts = {
  groupRatio: ABSENT,
  userUsableGroups: ABSENT,
  specialGroups: ABSENT,
  autoGroups: ABSENT,
  modelPrice: ABSENT,
  modelRatio: ABSENT,
  selfUse: false,
  invalidJson: [],
}

/** An enabled token of user 1 without a group, without limits. */
export function tokenFacts(facts: Partial<TokenFacts> = {}): TokenFacts {
  return {
    id: '1',
    name: 'made up',
    userId: '1',
    status: '1',
    expiredTime: '-1',
    remainQuota: '0',
    isUnlimited: true,
    group: '',
    limitsEnabled: false,
    limits: null,
    allowIps: null,
    crossGroupRetry: false,
    isKeyFindable: true,
    ...facts,
  }
}
