import { SEVERITIES } from '../../doctor/rule-table.ts'
import { DOCTOR_FORMATS } from '../../report/doctor/formats.ts'
import type { CommandDefinition } from '../command.ts'
import { FLEET_OPTIONS, LOCK_OPTION, RELOAD_OPTION } from '../options.ts'

const SCOPE_OPTIONS = {
  path: {
    type: 'string',
    requiresArg: true,
    describe: 'path of a request, such as /runway/tasks, where the gateway knows its model',
  },
  model: {
    alias: 'm',
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'model that requests ask for; those that the seeds declare when absent',
  },
  'token-name': {
    type: 'string',
    requiresArg: true,
    describe: 'only requests with the token of this name',
  },
  user: { type: 'string', requiresArg: true, describe: 'only requests with tokens of this user' },
  group: { type: 'string', requiresArg: true, describe: 'as if requests came from this group' },
  cache: {
    type: 'string',
    choices: ['on', 'off', 'both'],
    describe: 'memory cache of the gateway; as MEMORY_CACHE_ENABLED says, else both',
  },
} as const

const ACTION_OPTIONS = {
  fix: {
    type: 'string',
    describe: 'repair what rules found, such as A5 or A5,C2; every safe repair without a value',
  },
  'dry-run': { type: 'boolean', default: false, describe: 'with --fix: show and write nothing' },
  probe: {
    type: 'string',
    requiresArg: true,
    describe: 'send the request to the gateway at this URL [TIDEGATE_PROBE_TOKEN]',
  },
  logs: {
    type: 'string',
    requiresArg: true,
    describe: 'classify the lines of a gateway log file, or of - (standard input)',
  },
} as const

const REPORT_OPTIONS = {
  format: { type: 'string', choices: DOCTOR_FORMATS, describe: 'what to print; text when absent' },
  output: {
    alias: 'o',
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'file to write as well, by its ending: .html .md .json .txt',
  },
  'fail-on': {
    type: 'string',
    choices: SEVERITIES,
    default: 'error',
    describe: 'the least severity that gives exit code 2',
  },
} as const

export const doctor: CommandDefinition = {
  command: 'doctor',
  describe: 'why requests are not routed, proven from the database, and what repairs it',
  options: {
    ...SCOPE_OPTIONS,
    ...ACTION_OPTIONS,
    ...REPORT_OPTIONS,
    ...RELOAD_OPTION,
    ...LOCK_OPTION,
    ...FLEET_OPTIONS,
  },
  examples: [
    ['$0 doctor --env production', 'every group of an enabled token, every declared model'],
    ['$0 doctor --path /runway/tasks --token-name main', 'one request, step by step'],
    ['$0 doctor --fix A5 --dry-run', 'what a repair would write'],
    ['$0 doctor --output doctor.html', 'the page beside the text'],
    ['$0 doctor --logs gateway.log', 'what a log says, without a database'],
  ],
  fleet: 'doctor',
  run: async (context) => (await import('../doctor-run.ts')).runDoctor(context),
}
