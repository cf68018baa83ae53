import type { LogTexts } from '../gateway-texts.ts'
import { GATEWAY_MESSAGES } from './gateway-messages.ts'

export const LOGS: LogTexts = {
  lines: 'Lines read',
  nothing: 'No line tells a known cause.',
  span: 'from {first} to {last}, in the time zone of the gateway',
  example: 'example',
  pairs: 'group / model',
  rules: 'Rules to look at',
  causes: {
    ...GATEWAY_MESSAGES,
    'nil-map': {
      title: 'The process ended: a channel names a group that no ability has',
      advice: 'Repair the group list of the channel, or add its abilities, before it starts again.',
    },
    panic: {
      title: 'The program panicked',
      advice: 'The lines that follow in the log say where.',
    },
    'database-full': {
      title: 'The database server has no free connection',
      advice: 'Lower SQL_MAX_OPEN_CONNS, or raise max_connections of the server.',
    },
    'database-locked': {
      title: 'The SQLite file was locked',
      advice: 'Another process holds it; long transactions and copies of the file do.',
    },
    'database-lost': {
      title: 'The connection to the database failed',
      advice: 'Check SQL_DSN, the network and the server; SQL_MAX_LIFETIME below its idle limit.',
    },
    'database-rows': {
      title: 'The gateway cannot read a row',
      advice: 'A value does not fit its column; on SQLite that is stored all the same.',
    },
    'database-schema': {
      title: 'A table or a column is missing or in use',
      advice: 'Run the migrations, and keep views off the tables of the gateway.',
    },
    'upstream-unreachable': {
      title: 'A service could not be reached',
      advice: 'Mostly what is behind a channel: check base_url, from where the gateway runs.',
    },
    'channel-disabled': {
      title: 'The gateway disabled a channel',
      advice: 'Its requests failed; enable it when it works again.',
    },
    'slow-sql': { title: 'Slow statements', advice: 'Look at the time of a connection.' },
    'answered-500': {
      title: 'Requests answered with 500',
      advice: 'A channel was found, and the request failed on the way. DEBUG=true says more.',
    },
    'answered-503': { title: 'Requests answered with 503', advice: 'Mostly no channel was found.' },
    synced: {
      title: 'The cache was loaded from the database',
      advice: 'Changes before the last time are visible. This is no fault.',
    },
  },
}
