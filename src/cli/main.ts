import yargs, { type Argv } from 'yargs'
import { commandLineTexts, helpText } from '../language/command-line.ts'
import { chooseLanguage } from '../language/language.ts'
import { type CommandDefinition, toldOptions, toModule } from './command.ts'
import type { Arguments, Context, Host, Program } from './context.ts'
import { COMMANDS, type CommandGroup } from './commands/index.ts'
import { EXIT_CODES, type ExitCode, exitCodeOf } from './exit-codes.ts'
import { GLOBAL_OPTIONS } from './options.ts'
import { usageError, yargsWords } from './usage.ts'
import { VERSION } from './version.ts'

/** Parses one command line, runs it, prints the result. Never throws, never ends the process. */
export async function main(args: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ok
  const { output } = host
  output.json = args.includes('--json')
  const language = chooseLanguage(languageFlag(args), host.env)
  try {
    const parser = buildParser(
      args,
      { ...host, commands: COMMAND_NAMES, language },
      (context) => (exitCode = context.exitCode),
    )
    await parser.parseAsync()
  } catch (error) {
    output.error(error)
    return exitCodeOf(error)
  }
  return exitCode
}

/** Before yargs has parsed anything, since what it says itself is in that language too. */
function languageFlag(args: readonly string[]): string | undefined {
  const index = args.findLastIndex((arg) => /^--lang(?:=|$)/.test(arg))
  return args[index]?.split('=')[1] ?? args[index + 1]
}

function buildParser(
  args: readonly string[],
  host: Program,
  onDone: (context: Context) => void,
): Argv {
  const texts = commandLineTexts(host.language)
  const parser = told(yargs([...args]), host)
    .middleware((parsed) => setVerbosity(host, parsed))
    // Flags have one name, and an unknown one is told by it.
    .parserConfiguration({ 'camel-case-expansion': false })
    .strict()
    .recommendCommands()
    .demandCommand(1, texts.missingCommand)
    .exitProcess(false)
    .wrap(host.output.width === Number.POSITIVE_INFINITY ? 100 : Math.min(100, host.output.width))
    .fail((message, error: Error | undefined) => {
      throw error === undefined || error.name === 'YError' ? usageError(message, texts) : error
    })
  for (const entry of COMMANDS) addCommand(parser, host, entry, onDone)
  return parser.completion('completion', helpText(COMPLETION, host.language))
}

/** What the program says of itself, in a language. */
function told(parser: Argv, { language }: Program): Argv {
  const help = (text: string): string => helpText(text, language)
  return (
    parser
      .scriptName('tidegate')
      // yargs would take a language of its own from the process, and keeps words per locale.
      .locale(language.replace('-', '_'))
      .updateStrings(yargsWords(commandLineTexts(language)))
      .usage(`$0 <command>\n\n${help(PURPOSE)}`)
      .options(toldOptions(GLOBAL_OPTIONS, language))
      .version(VERSION)
      .help()
      .alias('help', 'h')
      .epilogue(help(CONVENTIONS))
  )
}

/** Texts of the help that belong to no command. */
export const [PURPOSE, CONVENTIONS, COMPLETION] = [
  'Keeps the database of an LLM gateway as it is declared.',
  'Exit codes: 0 done, 1 error, 2 found something, 75 lock busy. Connections come from SQL_DSN, SQLITE_PATH or DATABASE_URL, never from arguments.',
  'print a completion script for bash or zsh',
] as const

const COMMAND_NAMES: ReadonlySet<string> = new Set(
  COMMANDS.map(({ command }) => command.split(' ')[0]!),
)

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
  const texts = commandLineTexts(host.language)
  parser.command(entry.command, helpText(entry.describe, host.language), (group) => {
    for (const command of entry.commands) group.command(toModule(host, command, onDone))
    const hasDefault = entry.commands.some(({ command }) => command.split(' ')[0] === '$0')
    return hasDefault ? group : group.demandCommand(1, texts.missingCommandAfter(entry.command))
  })
}

function setVerbosity({ output }: Host, { quiet, verbose }: Arguments): void {
  if (verbose === true) output.verbosity = 'verbose'
  else if (quiet === true) output.verbosity = 'quiet'
}
