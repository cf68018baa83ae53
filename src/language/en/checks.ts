import type { CheckId } from '../../doctor/diagnosis.ts'

type Answers = Readonly<Record<'title' | 'ok' | 'failed' | 'info', string>>

export const CHECK_TEXTS: Record<CheckId, Answers> = {
  channels: {
    title: 'Is there an enabled channel of the type?',
    ok: 'Enabled channels of type {type} ({meaning}): {enabled}.',
    failed: 'No channel of type {type} ({meaning}) is enabled.',
    info: 'No seed declares a channel. Enabled channels of any type: {enabled}.',
  },
  status: {
    title: 'Is its status 1?',
    ok: 'Channel {id} is enabled.',
    failed: 'Channel {id} has status {status}: 2 is disabled by an admin, 3 by the gateway itself.',
    info: 'There is no row whose status could be looked at.',
  },
  'base-url': {
    title: 'Is base_url set?',
    ok: 'base_url is {baseUrl}, which works for type {type}.',
    failed: 'base_url is {baseUrl}, and type {type} has no built-in URL that would replace it.',
    info: 'There is no row whose base_url could be looked at.',
  },
  key: {
    title: 'Is key set?',
    ok: 'A key is set.',
    failed: 'The key is empty or a placeholder, or all keys of the channel are switched off.',
    info: 'There is no row whose key could be looked at.',
  },
  models: {
    title: 'Does models contain all of the models?',
    ok: 'All declared models are listed: {models}.',
    failed: 'Missing, as the gateway reads the list: {missing}. Declared: {models}.',
    info: 'There is no row whose models could be looked at.',
  },
  connection: {
    title: 'Is connecting to the database fast?',
    ok: 'Median of {samples} new connections: {median} ms ({parts}).',
    failed: 'Median of {samples} new connections: {median} ms ({parts}); over {limit} ms is slow.',
    info: 'Connecting was not measured.',
  },
  pool: {
    title: 'Does the connection pool fit the server?',
    ok: 'SQL_MAX_OPEN_CONNS {maxOpen}, SQL_MAX_IDLE_CONNS {maxIdle}, SQL_MAX_LIFETIME {lifetime} s. The server gives {available} connections (max_connections {serverMax}), in use: {inUse}.',
    failed:
      'SQL_MAX_OPEN_CONNS {maxOpen}, SQL_MAX_IDLE_CONNS {maxIdle}, SQL_MAX_LIFETIME {lifetime} s do not fit: the server gives {available} connections (max_connections {serverMax}), in use: {inUse}.',
    info: 'The database is a file: there is no limit of connections.',
  },
  reload: {
    title: 'Does the gateway have to be reloaded after a change?',
    ok: 'No: the memory cache is off, changed channels count from the next request.',
    failed: 'Yes: a running gateway must be restarted before it sees a change.',
    info: 'With the memory cache on a change is seen within {seconds} s, or at once after a restart; with it off at the next request.',
  },
}
