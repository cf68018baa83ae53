import {
  channelType,
  defineSeed,
  include,
  initial,
  optionalInteger,
  secret,
  text,
  url,
} from 'tidegate'

/**
 * The channel through which /runway, /pika and /kling reach the older gateway. Its type number
 * belongs to the fork, so it is looked up in the database that is found; BLTCY_CHANNEL_TYPE decides
 * where that is wrong.
 */
export default defineSeed({
  description: 'the Bltcy channel for runway, pika and kling, with its abilities',
  inputs: {
    key: secret('BLTCY_API_KEY'),
    baseUrl: url('BLTCY_BASE_URL'),
    name: text('BLTCY_CHANNEL_NAME', { default: 'Bltcy旧网关' }),
    type: optionalInteger('BLTCY_CHANNEL_TYPE'),
  },
  rows: ({ key, baseUrl, name, type }) => ({
    channels: [
      {
        id: 'bltcy',
        type: channelType('bltcy', type),
        name,
        key,
        base_url: baseUrl,
        // Models and groups that an admin added carry traffic: they stay.
        models: include(['runway', 'pika', 'kling']),
        group: include(['default']),
        status: 'enabled',
        // The guide's values; tuned by admins afterwards.
        priority: initial(5),
        weight: initial(10),
      },
    ],
  }),
})
