import type { AbilityFacts, ChannelFacts } from '../../src/gateway/facts.ts'

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
