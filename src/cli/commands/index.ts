import type { CommandDefinition } from '../command.ts'
import { deploy } from './deploy.ts'
import { lockCommands } from './lock.ts'
import { migrateCommands } from './migrate.ts'
import { seedCommands } from './seed.ts'

export interface CommandGroup {
  readonly command: string
  readonly describe: string
  readonly commands: readonly CommandDefinition[]
}

/** In the order of `--help`. */
export const COMMANDS: readonly (CommandDefinition | CommandGroup)[] = [
  deploy,
  {
    command: 'migrate',
    describe: 'the schema: what runs, in order',
    commands: migrateCommands,
  },
  { command: 'seed', describe: 'the rows: what must be there', commands: seedCommands },
  { command: 'lock', describe: 'the lock that keeps two runs apart', commands: lockCommands },
]
