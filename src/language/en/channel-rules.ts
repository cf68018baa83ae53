import type { ChannelRule, RuleTexts } from '../doctor-texts.ts'
import { ABILITY_RULES } from './ability-rules.ts'

type OtherRule = Exclude<ChannelRule, `A${string}`>

const OTHER_RULES: Record<OtherRule, RuleTexts> = {
  N1: {
    title: 'Connecting to the database is slow',
    explanation:
      'The median of {samples} new connections was {median} ms, from the name lookup to the answer of SELECT 1. The longest part, {part}, took {partMs} ms ({parts}). The gateway pays this whenever its pool opens a connection, and then requests wait or time out.',
    advice:
      'Bring the gateway and its database into one region or onto the private network, and keep connections open longer (SQL_MAX_IDLE_CONNS, SQL_MAX_LIFETIME).',
  },
  N2: {
    title: 'The pool may open more connections than the server gives',
    explanation:
      'The gateway may open up to {maxOpen} connections. The server gives {available} to ordinary users: max_connections is {serverMax}, of which {reserved} are reserved. Under load the server refuses the rest, and requests fail although their channel was found.',
    advice:
      'Set SQL_MAX_OPEN_CONNS so that all nodes of the gateway together stay below {available}, or raise max_connections on the server.',
  },
  N3: {
    title: 'The connections of the server are nearly used up',
    explanation:
      'Connections in use: {inUse} of {available} (max_connections is {serverMax}, of which {reserved} are reserved). When none is left the gateway cannot open another one, and requests fail at random.',
    advice:
      'Find out in pg_stat_activity who holds them, lower SQL_MAX_OPEN_CONNS on the nodes, or put a connection pooler in between.',
  },
  B1: {
    title: 'A declared channel is missing',
    explanation:
      'The seeds declare these channels and the database has none of them: {channels}. Requests for their models find no channel and get 503.',
    advice: 'The command creates each channel together with its abilities, in one transaction.',
  },
  B2: {
    title: 'A declared channel is not as declared',
    explanation:
      'Columns of a declared channel hold other values than its seed says: {changes}. The gateway routes by what is in the row.',
    advice: 'The command writes the declared values and rebuilds the abilities of the channel.',
  },
  B3: {
    title: 'A declared channel cannot be told from other rows',
    explanation:
      'For these declared channels there are rows that look like them, under another type number or more than one: {channels}. Nothing is written as long as it is not clear which row is meant; the seed could otherwise make a second channel.',
    advice:
      'Say which row is the declared channel with --adopt SEED=ID. The row is then brought to what the seed declares, its type number included. Where the row is right and the seed is not, set the variable that overrides the type number.',
  },
  C1: {
    title: 'No enabled channel lists the model in the group',
    explanation:
      'The gateway looks for an enabled channel that has exactly this group and exactly this model in its lists, and finds none. The caller gets 503: no available channel.',
    advice:
      'Add the model and the group to a channel, enable one of the channels shown as evidence, or declare the channel in a seed. Which of them is right only you can say.',
  },
  C2: {
    title: 'A list of models or groups has padding',
    explanation:
      'The gateway splits models and groups at the comma and trims nothing. A blank, an empty element, a leading or trailing comma or a full-width comma therefore makes names that no request asks for. Channels: {count}.',
    advice: 'The command cleans the lists and rebuilds the abilities from them in one transaction.',
  },
  C3: {
    title: 'The channel has no key that can be used',
    explanation:
      'The channel is chosen, and then its request fails: the key is empty, or every key of a multi-key channel is switched off. The caller gets the 401 of the upstream, or 500. Channels: {count}.',
    advice:
      'Enter a valid key. For a declared channel the seed writes it from its secret; otherwise use the admin page.',
  },
  C13: {
    title: 'The key of the channel is still a placeholder',
    explanation:
      'The channel was written without its key, which never leaves the other database, and holds a placeholder. The channel is chosen, and then the provider refuses each of its requests. Channels: {count}.',
    advice:
      'Set the variables that the command names to the keys and run it, or enter the key on the admin page. For a declared channel the seed writes it from its secret.',
  },
  C4: {
    title: 'The channel has no base URL',
    explanation:
      'A base URL that is NULL is never replaced; an empty one is replaced by the built-in URL of the type, and not every type has one. The channel is chosen, and then the request has no host to go to: the caller gets 500. Channels: {count}.',
    advice:
      'Enter the base URL of the upstream. For a declared channel the seed writes it; otherwise use the admin page.',
  },
  C5: {
    title: 'The gateway cannot load channel_info',
    explanation:
      'The gateway reads channel_info as bytes that hold JSON; on SQLite a value stored as text, or an empty one, makes loading the row fail. With the memory cache off each request that picks the channel gets 503; with it on, the columns after channel_info are lost. Channels: {count}.',
    advice:
      'Store the value again as bytes, or as NULL for a channel with one key. The statements keep what is valid JSON and clear the rest. There is one for each of the first rows; treat the others alike.',
  },
  C6: {
    title: 'A setting of the channel is not valid JSON',
    explanation:
      'An invalid model_mapping or status_code_mapping fails the request that uses it. An invalid setting or settings makes the gateway blank the column and save the whole row, which overwrites what was changed meanwhile. Channels: {count}.',
    advice: 'Correct the JSON of the named columns in the admin page.',
  },
  C7: {
    title: 'The gateway itself disabled the channel',
    explanation:
      'After failed requests (401 and the like) the gateway set the status to 3 and switched the abilities off. It takes no requests until it is enabled again. Channels: {count}.',
    advice:
      'Remove the cause first, it is in the reason: an expired key, an empty balance. The command then enables the channel and its abilities; otherwise the gateway disables it again.',
  },
  C8: {
    title: 'A channel with weight 0 gets no requests',
    explanation:
      'With the memory cache on, a channel of weight 0 beside channels with a weight in the same priority is never picked first. Channels: {count}.',
    advice:
      'Give the channel a weight if it should take a share, or a lower priority if it is a reserve.',
  },
  C9: {
    title: 'A channel of lower priority serves retries only',
    explanation:
      'The gateway picks among the channels of the highest priority; the others get a request only when it is retried. Channels: {count}.',
    advice: 'Nothing to do if the channel is a reserve; otherwise raise its priority.',
  },
  C10: {
    title: 'A channel type number does not mean what it should',
    explanation:
      'Type numbers belong to the version of the gateway. These are unknown to it, or mean something else than the seed says: {types}. The gateway sends requests of an unknown type as if it were OpenAI, and those of another type to the wrong adaptor.',
    advice:
      'Set the variable that is named to the number that this gateway gives the type, and apply the seeds again. Correct the type of other channels in the admin page.',
  },
  C11: {
    title: 'A value of the channel has the wrong type',
    explanation:
      'The gateway cannot read these cells as what the column holds: text in a number column, or a negative weight. Loading the row fails, the channel list of the admin page ends there, and a request that picks the channel gets 503. Channels: {count}.',
    advice:
      'Write a number. A statement sets a negative weight to 0; of any other cell only you know the right value.',
  },
  C12: {
    title: 'A value does not fit into PostgreSQL',
    explanation:
      'SQLite stores text longer than its column, NUL characters and bytes that are not UTF-8; PostgreSQL refuses them. The gateway works here, and the same row cannot be written in production. Values: {count}.',
    advice: 'Shorten or clean the values before the database is moved or synchronised.',
  },
  S1: {
    title: 'A sequence is behind the ids of its table',
    explanation:
      'Rows were inserted with ids of their own, and the sequence was not moved past them. The next row that the gateway creates gets an id that is taken and fails with a duplicate key. Tables: {tables}.',
    advice: 'The command moves the sequences past the largest id. No row is changed.',
  },
  K1: {
    title: 'The gateway may not know the latest changes yet',
    explanation:
      'With its memory cache on, the gateway reads channels and abilities again every {seconds} s. It was changed more recently than that, so it may still route by what it loaded before.',
    advice:
      'Wait that long after a change, restart the gateway, or rebuild the abilities through its admin API, which loads the cache anew.',
  },
}

export const CHANNEL_RULES: Record<ChannelRule, RuleTexts> = { ...OTHER_RULES, ...ABILITY_RULES }
