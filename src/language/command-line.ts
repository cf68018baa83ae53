import { commandLine as en } from './en/command-line.ts'
import type { Language } from './language.ts'
import { commandLine as zhCN } from './zh-CN/command-line.ts'
import { help } from './zh-CN/help.ts'

/** What the command line itself says, besides the help of each command. */
export interface CommandLineTexts {
  /** Of yargs, by its English words; `%s` stands for what was given. */
  readonly words: Readonly<Record<string, string>>
  readonly missingCommand: string
  readonly missingCommandAfter: (command: string) => string
  readonly notUnderstood: string
  readonly seeHelp: string
}

const TEXTS: Readonly<Record<Language, CommandLineTexts>> = { en, 'zh-CN': zhCN }

export function commandLineTexts(language: Language): CommandLineTexts {
  return TEXTS[language]
}

/** A text of the help; English where there is no translation. */
export function helpText(english: string, language: Language): string {
  return language === 'en' ? english : (help[english] ?? english)
}
