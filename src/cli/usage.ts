import { TidegateError } from '../errors.ts'
import type { CommandLineTexts } from '../language/command-line.ts'
import { LANGUAGES } from '../language/language.ts'

/** yargs keeps texts that count something in singular and plural. */
const COUNTED = /^(?:Not enough non-option|Too many|Missing required|Unknown)/

/** What yargs says, for its `updateStrings`. */
export function yargsWords({ words }: CommandLineTexts): Record<string, string> {
  const entries = Object.entries(words).map(([english, text]) => {
    return [english, COUNTED.test(english) ? { one: text, other: text } : text]
  })
  return Object.fromEntries(entries) as Record<string, string>
}

/** yargs quotes arguments, and one of them may be a pasted key or connection string. */
export function usageError(message: string | null, texts: CommandLineTexts): TidegateError {
  return new TidegateError(
    'usage',
    message === null || !isPlain(message, texts) ? texts.notUnderstood : message,
    { nextStep: texts.seeHelp },
  )
}

/** Whether every word but ours is a short one of plain letters, as flags are and keys are not. */
function isPlain(message: string, texts: CommandLineTexts): boolean {
  const words = ownPieces(texts)
    .reduce((rest, piece) => rest.replaceAll(piece, ' '), message)
    .split(/[\s:;,.?"'()<>：，？（）]+/)
  const languages: readonly string[] = LANGUAGES
  return words.every((word) => /^(?:\d|[A-Z]?[a-z-]{0,20})$/.test(word) || languages.includes(word))
}

/** What the texts around a given argument are, the longest first, where they are not in Latin. */
function ownPieces({ words, missingCommand, missingCommandAfter }: CommandLineTexts): string[] {
  const texts = [...Object.values(words), missingCommand, missingCommandAfter('%s')]
  return texts
    .flatMap((text) => text.split('%s'))
    .filter((piece) => /\p{Script=Han}/u.test(piece))
    .toSorted((one, other) => other.length - one.length)
}
