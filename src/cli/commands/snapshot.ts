import type { CommandDefinition } from '../command.ts'

const save: CommandDefinition = {
  command: 'save [file]',
  describe: 'write what comparisons need of a database to a file that may be committed',
  options: {
    'with-customers': {
      type: 'boolean',
      default: false,
      describe: 'users and tokens too: names of customers, not for a public repository',
    },
  },
  examples: [['$0 snapshot save --env production', 'snapshots/production.jsonl']],
  run: async (context) => (await import('../snapshot-run.ts')).runSave(context),
}

const verify: CommandDefinition = {
  command: 'verify <file>',
  describe: 'check that a snapshot file is whole and unchanged',
  run: async (context) => (await import('../snapshot-run.ts')).runVerify(context),
}

export const snapshotCommands: readonly CommandDefinition[] = [save, verify]
