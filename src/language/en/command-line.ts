import type { CommandLineTexts } from '../command-line.ts'

/** What yargs has no good English for; all else it says itself. */
const words = {
  'Not enough non-option arguments: got %s, need at least %s':
    'a name is missing (%s given, %s needed)',
  'Unknown argument: %s': 'unknown argument: %s',
  'Not enough arguments following: %s': '--%s needs a value',
  'Arguments %s and %s are mutually exclusive': '--%s and --%s exclude each other',
  'Did you mean %s?': 'there is no such command; did you mean %s?',
  'Show version number': 'print the version',
  'Show help': 'print this help',
}

export const commandLine: CommandLineTexts = {
  words,
  missingCommand: 'a command is missing',
  missingCommandAfter: (command) => `a command is missing after ${command}`,
  notUnderstood:
    'an argument is not understood; connections and keys come from variables, not arguments',
  seeHelp: 'see `tidegate --help`, or --help after a command',
}
