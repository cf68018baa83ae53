import { readReport } from '../drift/report-file.ts'
import type { Context } from './context.ts'
import { runComparison } from './drift-input.ts'
import { driftFiles, printReport } from './drift-output.ts'

/** What `drift` does. */
export async function runDrift(context: Context): Promise<void> {
  const files = driftFiles(context)
  const { report } = await runComparison(context)
  await printReport(context, report, files)
}

/** What `drift render` does. */
export async function runRender(context: Context): Promise<void> {
  const files = driftFiles(context)
  const report = await readReport(context.cwd, context.string('file') ?? '', context.commands)
  await printReport(context, report, files)
}
