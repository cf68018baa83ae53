import type { CommandDefinition } from '../command.ts'
import { accept } from './accept.ts'
import { deploy } from './deploy.ts'
import { doctor } from './doctor.ts'
import { driftCommands } from './drift.ts'
import { lockCommands } from './lock.ts'
import { migrateCommands } from './migrate.ts'
import { seedCommands } from './seed.ts'
import { serve } from './serve.ts'
import { snapshotCommands } from './snapshot.ts'
import { apply, copy, plan, pull, push, restore, undo } from './sync.ts'

/** One of its commands may be `$0`: what the group's name alone does. */
export interface CommandGroup {
  readonly command: string
  readonly describe: string
  readonly commands: readonly CommandDefinition[]
}

/**
 * In the order of `--help`. What a command does is loaded when it runs, all but `deploy`, `migrate`
 * and `seed`: those must start fast, and every start parses all declarations.
 */
export const COMMANDS: readonly (CommandDefinition | CommandGroup)[] = [
  deploy,
  {
    command: 'migrate',
    describe: 'the schema: what runs, in order',
    commands: migrateCommands,
  },
  { command: 'seed', describe: 'the rows: what must be there', commands: seedCommands },
  {
    command: 'drift',
    describe: 'what differs between two sides, and what to do about it',
    commands: driftCommands,
  },
  accept,
  pull,
  plan,
  push,
  apply,
  undo,
  restore,
  copy,
  doctor,
  serve,
  {
    command: 'snapshot',
    describe: 'a file that stands for a database in comparisons',
    commands: snapshotCommands,
  },
  { command: 'lock', describe: 'the lock that keeps two runs apart', commands: lockCommands },
]
