import type { Options } from 'yargs'
import { LANGUAGES } from '../language/language.ts'

/** Flags that every command understands. */
export const GLOBAL_OPTIONS = {
  env: {
    alias: 'e',
    type: 'string',
    requiresArg: true,
    describe: 'environment: local, production, or one of your own [TIDEGATE_ENV]',
  },
  config: {
    alias: 'c',
    type: 'string',
    requiresArg: true,
    describe: 'configuration file instead of ./tidegate.config.ts',
  },
  json: { type: 'boolean', default: false, describe: 'one JSON object on stdout' },
  lang: {
    type: 'string',
    choices: LANGUAGES,
    requiresArg: true,
    describe: 'language of what people read; that of the locale when absent',
  },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'no progress on stderr' },
  verbose: { alias: 'v', type: 'boolean', default: false, describe: 'more progress on stderr' },
} as const satisfies Record<string, Options>

export const WAIT_OPTION = {
  wait: {
    type: 'string',
    requiresArg: true,
    describe: 'how long to wait for the database, such as 60s [TIDEGATE_WAIT]',
  },
} as const satisfies Record<string, Options>

export const LOCK_OPTION = {
  'lock-timeout': {
    type: 'string',
    requiresArg: true,
    describe: 'how long to wait for the lock, such as 120s [TIDEGATE_LOCK_TIMEOUT]',
  },
} as const satisfies Record<string, Options>

export const RELOAD_OPTION = {
  reload: {
    type: 'boolean',
    default: false,
    describe: 'after a change: let the running gateway read it, or run `afterApply`',
  },
} as const satisfies Record<string, Options>

export const RANGE_OPTIONS = {
  to: {
    type: 'string',
    requiresArg: true,
    describe: 'the last migration to run (that one included)',
    conflicts: 'step',
  },
  step: { type: 'number', requiresArg: true, describe: 'how many migrations' },
} as const satisfies Record<string, Options>

export const SEED_OPTIONS = {
  adopt: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'id of the channel that a seed shall take over: ID or SEED=ID',
  },
  're-enable': {
    type: 'boolean',
    default: false,
    describe: 'enable channels that the gateway itself disabled (status 3)',
  },
} as const satisfies Record<string, Options>

export const REASON_OPTION = {
  reason: {
    type: 'string',
    requiresArg: true,
    demandOption: true,
    describe: 'why; kept in the ledger',
  },
} as const satisfies Record<string, Options>

/** For many environments at once: `--env 'prod-*'`, `--env prod-eu,prod-us`. */
export const FLEET_OPTIONS = {
  parallel: {
    type: 'number',
    requiresArg: true,
    describe: "with --env 'prod-*' or --env a,b: how many environments at a time; 1 when absent",
  },
  'fleet-report': {
    type: 'string',
    requiresArg: true,
    describe: 'with such an --env: JSON file of what became of each, written after every wave',
  },
  resume: {
    type: 'string',
    requiresArg: true,
    describe: 'go on from such a file: only the environments that are not done in it',
  },
} as const satisfies Record<string, Options>

/** How long a difference is accepted when nobody says it. */
export const ACCEPT_DAYS = 30

/** What is compared with what. */
export const SIDE_OPTIONS = {
  from: {
    type: 'string',
    requiresArg: true,
    default: 'local',
    describe: 'left side: an environment, `seeds`, or a snapshot file',
  },
  to: {
    type: 'string',
    requiresArg: true,
    default: 'production',
    describe: 'right side: an environment or a snapshot file',
  },
  base: {
    type: 'string',
    requiresArg: true,
    describe:
      'snapshot that both sides once were, or `none`; else what was last applied to the right side, or pulled from it',
  },
  'max-findings': {
    type: 'number',
    requiresArg: true,
    default: 10_000,
    describe: 'how many findings are listed; all are counted',
  },
} as const satisfies Record<string, Options>
