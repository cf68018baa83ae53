import type { MessageTexts } from '../gateway-texts.ts'

export const GATEWAY_MESSAGES: MessageTexts = {
  'no-channel': {
    title: 'No channel for this group and model',
    advice: 'Routing found nothing. The rules below say which row is missing or does not fit.',
  },
  'get-channel-failed': {
    title: 'The channel could not be loaded',
    advice:
      'A channel was chosen, and reading it failed: it is gone, its channel_info cannot be read, or the cache is older than the database.',
  },
  inconsistent: {
    title: 'The gateway refers to a channel that does not exist',
    advice: 'Remove abilities without a channel, then let the gateway load its cache again.',
  },
  'no-key': {
    title: 'The channel has no key that works',
    advice: 'Set the key of the channel, or enable one of its keys.',
  },
  'invalid-base-url': {
    title: 'The channel has no usable base URL',
    advice: 'Set base_url of the channel to the address of the service behind it.',
  },
  unpriced: {
    title: 'The model has no price',
    advice: 'Set ModelPrice or ModelRatio for it; newer versions refuse models without a price.',
  },
  'group-denied': {
    title: 'The user may not use the group of the token',
    advice: 'Add the group to UserUsableGroups, or change the group of the token.',
  },
  'group-retired': {
    title: 'The group of the token has no ratio',
    advice: 'Add the group to GroupRatio, or change the group of the token.',
  },
  'model-denied': {
    title: 'The token may not use the model',
    advice: 'Add the exact name to the model limits of the token, or switch the limits off.',
  },
  'ip-denied': {
    title: 'The token may not be used from this address',
    advice: 'Add the address to allow_ips of the token; older versions understand no ranges.',
  },
  'user-banned': {
    title: 'The user of the token is disabled',
    advice: 'Enable the user, or use the token of another one.',
  },
  'user-quota': { title: 'The user has no quota left', advice: 'Raise the quota of the user.' },
  'token-quota': {
    title: 'The token has no quota left',
    advice: 'Raise the quota of the token, or make it unlimited.',
  },
  token: {
    title: 'The gateway does not accept the token',
    advice:
      'It is not in the database, disabled, expired or used up. A key is stored without sk- and has no hyphen.',
  },
}
