import { TidegateError } from '../errors.ts'
import type { Context } from './context.ts'
import { runFixes } from './doctor-fix.ts'
import { diagnose } from './doctor-input.ts'
import { explainLogs } from './doctor-logs.ts'
import { printDiagnosis, reportFiles } from './doctor-output.ts'
import { explainProbe } from './doctor-probe.ts'

/** What `doctor` does, by its flags. */
export async function runDoctor(context: Context): Promise<void> {
  const files = reportFiles(context)
  const logs = context.string('logs')
  if (logs !== undefined) {
    await explainLogs(context, logs)
    return
  }
  if (context.string('probe') !== undefined) {
    await explainProbe(context)
    return
  }
  const isFixing = context.string('fix') !== undefined
  if (!isFixing && (context.flag('dry-run') || context.flag('reload'))) throw nothingToWrite()
  if (isFixing) {
    await runFixes(context)
    if (context.flag('dry-run')) return
  }
  await printDiagnosis(context, await diagnose(context), files)
}

function nothingToWrite(): TidegateError {
  return new TidegateError('usage', '--dry-run and --reload are for what --fix writes', {
    nextStep: 'add --fix, or leave them out: without it the doctor only looks',
  })
}
