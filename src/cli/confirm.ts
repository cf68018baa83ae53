import { TidegateError } from '../errors.ts'
import { escapeText } from '../report/escape.ts'
import type { Context } from './context.ts'

/**
 * Asks a person before something is written; `--yes` answers for them. Somebody who leaves the
 * question with Ctrl-C has said no.
 * @throws TidegateError `usage` where nobody can be asked.
 */
export async function confirm(context: Context, question: string): Promise<boolean> {
  if (context.flag('yes')) return true
  const { terminal, output } = context
  if (terminal === null || output.json) {
    throw new TidegateError('usage', 'nobody can be asked here: add --yes', {
      nextStep: 'look at what would be written, then run the command again with --yes',
    })
  }
  const { default: ask } = await import('@inquirer/confirm')
  const message = escapeText(output.redactor.redact(question))
  try {
    return await ask({ message, default: false }, terminal)
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return false
    throw error
  }
}
