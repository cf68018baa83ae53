import yargs, { type Argv } from 'yargs'
import { TidegateError } from '../errors.ts'
import { type CommandDefinition, toModule } from './command.ts'
import type { Arguments, Context, Host, Program } from './context.ts'
import { COMMANDS, type CommandGroup } from './commands/index.ts'
import { EXIT_CODES, type ExitCode, exitCodeOf } from './exit-codes.ts'
import { GLOBAL_OPTIONS } from './options.ts'
import { VERSION } from './version.ts'

/** Parses one command line, runs it, prints the result. Never throws, never ends the process. */
export async function main(args: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ok
  const { output } = host
  output.json = args.includes('--json')
  try {
    const parser = buildParser(
      args,
      { ...host, commands: COMMAND_NAMES },
      (context) => (exitCode = context.exitCode),
    )
    await parser.parseAsync()
  } catch (error) {
    output.error(error)
    return exitCodeOf(error)
  }
  return exitCode
}

function buildParser(
  args: readonly string[],
  host: Program,
  onDone: (context: Context) => void,
): Argv {
  const parser = yargs([...args])
    .scriptName('tidegate')
    .usage('$0 <command>\n\nKeeps the database of an LLM gateway as it is declared.')
    .options(GLOBAL_OPTIONS)
    .middleware((parsed) => setVerbosity(host, parsed))
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .strict()
    .updateStrings(WORDS)
    .recommendCommands()
    .demandCommand(1, 'a command is missing')
    .exitProcess(false)
    .wrap(host.output.width === Number.POSITIVE_INFINITY ? 100 : Math.min(100, host.output.width))
    .epilogue(
      'Exit codes: 0 done, 1 error, 2 found something, 75 lock busy. Connections come from SQL_DSN, SQLITE_PATH or DATABASE_URL, never from arguments.',
    )
    .fail((message, error: Error | undefined) => {
      throw error === undefined || error.name === 'YError' ? usageError(message) : error
    })
  for (const entry of COMMANDS) addCommand(parser, host, entry, onDone)
  return parser.completion('completion', 'print a completion script for bash or zsh')
}

const COMMAND_NAMES: ReadonlySet<string> = new Set(
  COMMANDS.map(({ command }) => command.split(' ')[0]!),
)

/** What yargs says of a wrong command line, in the words of its user. */
const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': bothNumbers(
    'a name is missing (%s given, %s needed)',
  ),
  'Unknown argument: %s': bothNumbers('unknown argument: %s'),
  'Not enough arguments following: %s': '--%s needs a value',
  'Arguments %s and %s are mutually exclusive': '--%s and --%s exclude each other',
  'Show version number': 'print the version',
  'Show help': 'print this help',
}

/** yargs keeps texts that count something in singular and plural. */
function bothNumbers(text: string): string {
  return { one: text, other: text } as unknown as string
}

function addCommand(
  parser: Argv,
  host: Program,
  entry: CommandDefinition | CommandGroup,
  onDone: (context: Context) => void,
): void {
  if (!('commands' in entry)) {
    parser.command(toModule(host, entry, onDone))
    return
  }
  parser.command(entry.command, entry.describe, (group) => {
    for (const command of entry.commands) group.command(toModule(host, command, onDone))
    const hasDefault = entry.commands.some(({ command }) => command.split(' ')[0] === '$0')
    return hasDefault
      ? group
      : group.demandCommand(1, `a command is missing after ${entry.command}`)
  })
}

function setVerbosity({ output }: Host, { quiet, verbose }: Arguments): void {
  if (verbose === true) output.verbosity = 'verbose'
  else if (quiet === true) output.verbosity = 'quiet'
}

/** yargs quotes arguments, and one of them may be a pasted key or connection string. */
function usageError(message: string | null): TidegateError {
  return new TidegateError(
    'usage',
    message === null || !isPlain(message)
      ? 'an argument is not understood; connections and keys come from variables, not arguments'
      : message.replace(/^Did you mean/, 'there is no such command; did you mean'),
    { nextStep: 'see `tidegate --help`, or --help after a command' },
  )
}

/** Whether every word is a short one of plain letters, as flags are and keys are not. */
function isPlain(message: string): boolean {
  const words = message.split(/[\s:,.?"'()<>]+/)
  return words.every((word) => /^(?:\d|[A-Z]?[a-z-]{0,20})$/.test(word))
}
