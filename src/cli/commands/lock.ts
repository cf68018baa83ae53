import { TidegateError } from '../../errors.ts'
import type { CommandDefinition } from '../command.ts'
import { type Context, describeHolder } from '../context.ts'
import { type ConnectOptions, withDatabase } from '../with-database.ts'
import { EXIT_CODES } from '../exit-codes.ts'

export const lockCommands: readonly CommandDefinition[] = [
  {
    command: 'status',
    describe: 'show who holds the lock; exit 2 when somebody does',
    examples: [['$0 lock status --json', 'for a script']],
    run: runStatus,
  },
  {
    command: 'release',
    describe: 'end the session that holds the lock',
    options: {
      yes: { alias: 'y', type: 'boolean', default: false, describe: 'really do it' },
    },
    examples: [['$0 lock release --yes', 'its transaction is rolled back']],
    run: runRelease,
  },
]

const CONNECT: ConnectOptions = {
  missingFile: 'fail',
  wait: false,
  command: 'lock',
  onLostConnection: 'stop',
}

async function runStatus(context: Context): Promise<void> {
  const settings = await context.settings()
  const status = await withDatabase(context, settings, CONNECT, (database) => database.lockStatus())
  context.output.data({ command: 'lock status', ...status })
  context.output.text(status.held ? `taken${describeHolder(status.holder)}` : 'free')
  if (status.held) context.exitCode = EXIT_CODES.found
}

async function runRelease(context: Context): Promise<void> {
  if (!context.flag('yes')) {
    throw new TidegateError('usage', 'releasing the lock ends the session that holds it', {
      nextStep: 'look at it with `tidegate lock status`, then add --yes',
    })
  }
  const settings = await context.settings()
  const holder = await withDatabase(context, settings, CONNECT, (database) =>
    database.releaseLock(),
  )
  context.output.data({ command: 'lock release', released: holder !== null, holder })
  context.output.text(holder === null ? 'nobody held it' : `released${describeHolder(holder)}`)
}
