import type { CommandModule, Options } from 'yargs'
import { Context, type Program } from './context.ts'

export interface CommandDefinition {
  readonly command: string
  readonly describe: string
  readonly options?: Readonly<Record<string, Options>>
  /** Command lines with what they do. */
  readonly examples?: readonly (readonly [command: string, description: string])[]
  readonly run: (context: Context) => Promise<void>
}

/** Declares a command to yargs: parse, call, and leave the exit code in the context. */
export function toModule(
  program: Program,
  definition: CommandDefinition,
  onDone: (context: Context) => void,
): CommandModule<object, object> {
  const { command, describe, options = {}, examples = [], run } = definition
  return {
    command,
    describe,
    builder: (yargs) => yargs.options(options).example(examples as [string, string][]),
    handler: async (args) => {
      const context = new Context(program, args)
      await run(context)
      onDone(context)
    },
  }
}
