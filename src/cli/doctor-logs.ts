import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { logLines } from '../doctor/log-lines.ts'
import { classifyLogs } from '../doctor/logs.ts'
import { TidegateError } from '../errors.ts'
import { logTexts } from '../language/gateway-catalogue.ts'
import { renderLogs } from '../report/doctor/logs.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'

/** `--logs FILE` or `-`: what the lines of a gateway's log say. */
export async function explainLogs(context: Context, file: string): Promise<void> {
  const { output, language } = context
  const chunks = file === '-' ? context.stdin() : createReadStream(resolve(context.cwd, file))
  const report = await classifyLogs(logLines(chunks)).catch((error: unknown) => {
    throw new TidegateError('usage', 'the log cannot be read', {
      nextStep: 'check the path after --logs; - reads standard input',
      cause: error,
    })
  })
  output.data({ command: 'doctor --logs', ...report })
  output.text(renderLogs(report, logTexts(language)))
  if (report.entries.some(({ rules }) => rules.length > 0)) context.exitCode = EXIT_CODES.found
}
