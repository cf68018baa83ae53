import type { ChannelRule, RuleTexts } from '../doctor-texts.ts'

export const ABILITY_RULES: Record<Extract<ChannelRule, `A${string}`>, RuleTexts> = {
  A1: {
    title: 'No enabled ability for the group and the model',
    explanation:
      'With the memory cache off only the table abilities decides: it has no enabled row for this group and this model, whatever the channels say. The caller gets 503: no available channel.',
    advice:
      'Where an enabled channel lists the model and the group, rebuilding the abilities from the channels is enough. Otherwise add both to a channel or declare one in a seed.',
  },
  A2: {
    title: 'The abilities have no priority',
    explanation:
      'With the memory cache off the gateway takes the rows whose priority equals the highest one. Here every enabled row has NULL, which equals nothing, so that none is found: 503.',
    advice: 'The command rebuilds the abilities; they take the priority of their channel.',
  },
  A3: {
    title: 'An ability points to a channel that does not exist',
    explanation:
      'With the memory cache off the gateway picks an ability first and loads its channel then. For these channel ids there is none, and each request that picks one gets 503; where others serve the model too, only some requests fail. Channel ids: {channels}.',
    advice: 'The command removes the abilities that belong to no channel.',
  },
  A4: {
    title: 'The abilities do not follow the status of the channel',
    explanation:
      'Abilities are enabled although their channel is disabled, or the other way round. With the memory cache off a disabled channel is then still used, or an enabled one is not; with it on the gateway behaves differently. Rows: {rows}.',
    advice: 'The command sets the abilities to the status of their channel.',
  },
  A5: {
    title: 'The abilities are not those of their channels',
    explanation:
      'For each pair of a group and a model of a channel there should be one ability, with the priority, the weight and the tag of the channel. Missing: {missing}. Different: {different}. Left over: {leftOver}. With the memory cache off the gateway routes by these rows.',
    advice: 'The command rebuilds the abilities from the channels, in one transaction.',
  },
  A6: {
    title: 'The gateway will crash: a group of a channel is in no ability',
    explanation:
      'With the memory cache on the gateway files each enabled channel under its groups, and knows only groups that a row of abilities has. These are in none: {groups}. The next refresh ends the whole process (assignment to a nil map), and it ends again at every refresh after a restart.',
    advice:
      'The command cleans the lists of the channels and rebuilds their abilities in one transaction. Until then a disabled channel is safer than an enabled one.',
  },
  A7: {
    title: 'The abilities hold a switch that the gateway does not read',
    explanation:
      'In SQLite the column enabled holds {value} and not 1 or 0. With the memory cache off the gateway asks for enabled = 1 and does not find these rows. Rows: {rows}.',
    advice: 'The command writes the switch as a number, by the status of the channel.',
  },
}
