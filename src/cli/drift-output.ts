import type { DriftReport } from '../diff/drift-report.ts'
import { DRIFT_FORMATS, type DriftFormat, renderDrift } from '../report/drift/formats.ts'
import { tellReport } from '../report/drift/tell.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { type Destination, destinations, writeReport } from './report-files.ts'

const FORMAT_OF: Readonly<Record<string, DriftFormat>> = {
  '.txt': 'text',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.md': 'markdown',
  '.html': 'html',
  '.sarif': 'sarif',
  '.xml': 'junit',
}

/** Checked before anything is compared. @throws TidegateError for a file of no known format. */
export function driftFiles(context: Context): Destination<DriftFormat>[] {
  return destinations(context, FORMAT_OF, formatFlag(context))
}

function formatFlag(context: Context): DriftFormat | undefined {
  const flag = context.string('format')
  return DRIFT_FORMATS.find((format) => format === flag)
}

/** Prints the report, writes it to files, carries it to GitHub, and sets the exit code. */
export async function printReport(
  context: Context,
  found: DriftReport,
  files: readonly Destination<DriftFormat>[],
): Promise<void> {
  const { output, language } = context
  const report = tellReport(found, language)
  const { status, failing } = report.verdict
  if (status === 'incomplete') context.exitCode = EXIT_CODES.error
  else if (failing) context.exitCode = EXIT_CODES.found
  await printToStdout(context, report, files.length > 0)
  for (const file of files) {
    await writeReport(context, file, await render(context, report, file.format, false))
  }
  if (context.flag('explain')) {
    const { renderWays } = await import('../report/drift/text-tables.ts')
    output.text(`\n${renderWays(report, { width: output.width, language })}`)
  }
  if (context.flag('github')) {
    const { publishToGithub } = await import('./drift-github.ts')
    await publishToGithub(context, report)
  }
}

async function printToStdout(
  context: Context,
  report: DriftReport,
  hasFiles: boolean,
): Promise<void> {
  const { output } = context
  const asked = hasFiles ? undefined : formatFlag(context)
  const format = output.json ? 'json' : (asked ?? 'text')
  const text = await render(context, report, format, output.colors)
  if (format === 'text') output.text(text)
  else output.document(text)
}

function render(
  { output, language }: Context,
  report: DriftReport,
  format: DriftFormat,
  colors: boolean,
): Promise<string> {
  return renderDrift(format, report, { width: output.width, colors, language })
}
