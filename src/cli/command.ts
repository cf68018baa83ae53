import type { CommandModule, Options } from 'yargs'
import type { Language } from '../language/language.ts'
import { helpText } from '../language/command-line.ts'
import { type Arguments, Context, type Program } from './context.ts'
import { FLEET_OPTIONS } from './options.ts'

export interface CommandDefinition {
  readonly command: string
  readonly describe: string
  readonly options?: Readonly<Record<string, Options>>
  /** Command lines with what they do. */
  readonly examples?: readonly (readonly [command: string, description: string])[]
  readonly run: (context: Context) => Promise<void>
  /** What it is in a fleet; absent where it takes one environment only. */
  readonly fleet?: FleetCommand
}

/** Commands that run for every environment that `--env` matches. */
export type FleetCommand = 'deploy' | 'drift' | 'doctor' | 'push'

/** Declares a command to yargs: parse, call, and leave the exit code in the context. */
export function toModule(
  program: Program,
  definition: CommandDefinition,
  onDone: (context: Context) => void,
): CommandModule<object, object> {
  const { command, describe, options = {}, examples = [], run, fleet } = definition
  const { language } = program
  return {
    command,
    describe: helpText(describe, language),
    builder: (yargs) =>
      yargs
        .options(toldOptions(options, language))
        .example(examples.map(([line, text]) => [line, helpText(text, language)])),
    handler: async (args) => {
      const context = new Context(program, args)
      if (fleet !== undefined && concernsFleet(args)) {
        const { runFleet } = await import('./fleet.ts')
        await runFleet({ program, args, context, command: fleet, run })
      } else await run(context)
      onDone(context)
    },
  }
}

/** Whether `--env` is a list or a pattern, or a flag is there that only makes sense with one. */
function concernsFleet(args: Arguments): boolean {
  const env = args['env']
  const isPattern = typeof env === 'string' && /[*,]/.test(env)
  return isPattern || Object.keys(FLEET_OPTIONS).some((name) => args[name] !== undefined)
}

/** The options with what they say in a language. */
export function toldOptions(
  options: Readonly<Record<string, Options>>,
  language: Language,
): Record<string, Options> {
  const told = Object.entries(options).map(([name, { describe, ...rest }]) => {
    const text = describe === undefined ? {} : { describe: helpText(describe, language) }
    return [name, { ...rest, ...text }] as const
  })
  return Object.fromEntries(told)
}
