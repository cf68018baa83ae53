import { DRIFT_FORMATS } from '../../report/drift/formats.ts'
import type { CommandDefinition } from '../command.ts'
import { FLEET_OPTIONS, LOCK_OPTION, RELOAD_OPTION } from '../options.ts'

const YES_OPTION = {
  yes: { alias: 'y', type: 'boolean', default: false, describe: 'do it without asking' },
} as const

const FROM = {
  type: 'string',
  requiresArg: true,
  describe: 'where the rows come from: an environment, `seeds`, or a snapshot file',
} as const

const TO = {
  type: 'string',
  requiresArg: true,
  describe: 'environment whose database is changed',
} as const

/** Which rows are written, and how. */
const CHOICE_OPTIONS = {
  select: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'only these: id of a difference, TABLE, TABLE/NAME or TABLE/NAME/COLUMN',
  },
  tables: {
    type: 'string',
    requiresArg: true,
    describe: 'tables to look at, such as channels,options; without tokens when absent',
  },
  secret: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'where a secret comes from: TABLE/NAME=env:VARIABLE or TABLE/NAME=file:PATH',
  },
  overwrite: {
    type: 'boolean',
    default: false,
    describe: 'also write what has been changed on the other side since both agreed',
  },
  delete: {
    type: 'boolean',
    default: false,
    describe: 'also delete rows that only the changed side has, if tidegate made them',
  },
  'max-deletes': {
    type: 'number',
    requiresArg: true,
    default: 5,
    describe: 'how many rows may be deleted',
  },
  base: {
    type: 'string',
    requiresArg: true,
    describe: 'snapshot that both sides once were, or `none`; else what they last agreed on',
  },
} as const

export const pull: CommandDefinition = {
  command: 'pull',
  describe: 'bring the configuration of production into the local database; secrets stay there',
  options: {
    from: { ...FROM, default: 'production' },
    to: { ...TO, default: 'local' },
    ...CHOICE_OPTIONS,
    'dry-run': { type: 'boolean', default: false, describe: 'show what would be written' },
    ...YES_OPTION,
    ...LOCK_OPTION,
    ...RELOAD_OPTION,
  },
  examples: [
    ['$0 pull', 'production to the local SQLite file'],
    ['$0 pull --from snapshots/production.jsonl', 'without any access to production'],
    ['$0 pull --tables channels,options,tokens', 'with the tokens of users who exist here'],
  ],
  run: async (context) => (await import('../pull-run.ts')).runPull(context),
}

export const plan: CommandDefinition = {
  command: 'plan',
  describe:
    'show what `push` would write, and write it to a file for `apply`; exit 2 when something',
  options: {
    from: { ...FROM, default: 'local' },
    to: { ...TO, default: 'production' },
    ...CHOICE_OPTIONS,
    output: {
      alias: 'o',
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'file to write as well: .json for `apply`, .md or .txt for people',
    },
    expires: {
      type: 'string',
      requiresArg: true,
      default: '24h',
      describe: 'how long the plan may be applied',
    },
    format: {
      type: 'string',
      choices: DRIFT_FORMATS.filter((format) => format === 'text' || format === 'markdown'),
      describe: 'what to print; text when absent',
    },
  },
  examples: [
    ['$0 plan --output plan.json', 'local against production'],
    ['$0 plan --from seeds --format markdown', 'for a pull request'],
  ],
  run: async (context) => (await import('../plan-run.ts')).runPlan(context),
}

export const push: CommandDefinition = {
  command: 'push',
  describe: 'plan, ask, and write the plan to production',
  options: {
    from: { ...FROM, default: 'local' },
    to: { ...TO, default: 'production' },
    ...CHOICE_OPTIONS,
    pick: { type: 'boolean', default: false, describe: 'choose rows and cells from a list' },
    ...YES_OPTION,
    ...LOCK_OPTION,
    ...RELOAD_OPTION,
    ...FLEET_OPTIONS,
  },
  examples: [
    ['$0 push', 'shows the plan and asks'],
    ['$0 push --select channels/openai --yes', 'one row, without asking'],
    ['$0 push --delete --max-deletes 1', 'with what was deleted here'],
  ],
  fleet: 'push',
  run: async (context) => (await import('../push-run.ts')).runPush(context),
}

export const apply: CommandDefinition = {
  command: 'apply <file>',
  describe: 'write a plan that `plan` made; exit 2 when a row has changed since, and nothing is',
  options: { ...LOCK_OPTION, ...RELOAD_OPTION },
  examples: [['$0 apply plan.json', 'in the pipeline, after the review']],
  run: async (context) => (await import('../apply-run.ts')).runApply(context),
}

export const undo: CommandDefinition = {
  command: 'undo [run]',
  describe: 'put back what a run wrote, where it is still as that run left it',
  options: {
    list: { alias: 'l', type: 'boolean', default: false, describe: 'the runs in the journal' },
    'dry-run': { type: 'boolean', default: false, describe: 'show what would be put back' },
    prune: {
      type: 'boolean',
      default: false,
      describe: 'drop runs that are older or more than the configuration keeps',
    },
    ...YES_OPTION,
    ...LOCK_OPTION,
    ...RELOAD_OPTION,
  },
  examples: [
    ['$0 undo --list', 'which runs there are'],
    ['$0 undo --env production', 'the last run, after a question'],
  ],
  run: async (context) => (await import('../undo-run.ts')).runUndo(context),
}

export const restore: CommandDefinition = {
  command: 'restore [point]',
  describe: 'bring back a restore point of a SQLite file; the gateway must be stopped',
  options: {
    list: { alias: 'l', type: 'boolean', default: false, describe: 'the restore points' },
    ...YES_OPTION,
  },
  examples: [
    ['$0 restore --list', 'which restore points there are'],
    ['$0 restore', 'the newest one, after a question'],
  ],
  run: async (context) => (await import('../restore-run.ts')).runRestore(context),
}

export const copy: CommandDefinition = {
  command: 'copy',
  describe: 'move a whole gateway, with secrets and ids, to an empty database of either dialect',
  options: {
    from: { ...FROM, default: 'local', describe: 'environment to copy' },
    to: { ...TO, default: 'production', describe: 'environment whose database is empty' },
    include: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'tables of a running gateway to copy as well, such as logs',
    },
    'dry-run': { type: 'boolean', default: false, describe: 'only check whether everything fits' },
    ...YES_OPTION,
    ...LOCK_OPTION,
  },
  examples: [
    ['$0 copy --dry-run', 'does every value of the SQLite file fit PostgreSQL?'],
    ['$0 copy --from production --to local', 'and back'],
  ],
  run: async (context) => (await import('../copy-run.ts')).runCopy(context),
}
