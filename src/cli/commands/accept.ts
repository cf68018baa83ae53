import type { CommandDefinition } from '../command.ts'
import { ACCEPT_DAYS, SIDE_OPTIONS } from '../options.ts'

export const accept: CommandDefinition = {
  command: 'accept [id..]',
  describe: 'accept differences that `drift` found, as they are, until a date',
  options: {
    ...SIDE_OPTIONS,
    reason: { type: 'string', requiresArg: true, describe: 'why' },
    owner: { type: 'string', requiresArg: true, describe: 'who answers for it' },
    expires: {
      type: 'string',
      requiresArg: true,
      describe: `last day on which it holds, YYYY-MM-DD; ${ACCEPT_DAYS} days from now when absent`,
    },
    prune: {
      type: 'boolean',
      default: false,
      describe: 'remove entries that have expired or that nothing needs any more',
    },
  },
  examples: [
    ['$0 accept 3f2a9c04d1b7 --reason "migration week" --owner ops', 'by the id that drift prints'],
    ['$0 accept --prune', 'clean the list'],
  ],
  run: async (context) => (await import('../accept-run.ts')).runAccept(context),
}
