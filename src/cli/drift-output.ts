import { extname, resolve } from 'node:path'
import type { DriftReport } from '../diff/drift-report.ts'
import { TidegateError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import { DRIFT_FORMATS, type DriftFormat, renderDrift } from '../report/drift/formats.ts'
import { tellReport } from '../report/drift/tell.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'

const FORMAT_OF: Readonly<Record<string, DriftFormat>> = {
  '.txt': 'text',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.md': 'markdown',
  '.html': 'html',
  '.sarif': 'sarif',
  '.xml': 'junit',
}

interface Destination {
  readonly path: string
  readonly format: DriftFormat
}

/** Checked before anything is compared. @throws TidegateError for a file of no known format. */
export function destinations(context: Context): Destination[] {
  return context.strings('output').map((file) => {
    const format = FORMAT_OF[extname(file)] ?? formatFlag(context)
    if (format !== undefined) return { path: resolve(context.cwd, file), format }
    throw new TidegateError('usage', 'the ending of --output says no format', {
      nextStep: `use one of ${Object.keys(FORMAT_OF).join(', ')}, or say it with --format`,
    })
  })
}

function formatFlag(context: Context): DriftFormat | undefined {
  const flag = context.string('format')
  return DRIFT_FORMATS.find((format) => format === flag)
}

/** Prints the report, writes it to files, carries it to GitHub, and sets the exit code. */
export async function printReport(
  context: Context,
  found: DriftReport,
  files: readonly Destination[],
): Promise<void> {
  const { output, language } = context
  const report = tellReport(found, language)
  const { status, failing } = report.verdict
  if (status === 'incomplete') context.exitCode = EXIT_CODES.error
  else if (failing) context.exitCode = EXIT_CODES.found
  await printToStdout(context, report, files.length > 0)
  for (const { path, format } of files) await writeReport(context, report, path, format)
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

async function writeReport(
  context: Context,
  report: DriftReport,
  path: string,
  format: DriftFormat,
): Promise<void> {
  const text = context.output.redactor.redact(await render(context, report, format, false))
  try {
    // It holds fingerprints and the configuration of a gateway.
    await replaceFile(path, `${text.replace(/\n$/, '')}\n`, 0o600)
  } catch (error) {
    throw new TidegateError('usage', 'the report file cannot be written', {
      nextStep: 'check that the folder of --output exists and may be written to',
      cause: error,
    })
  }
  context.output.note(`wrote ${format} to ${path}`)
}

function render(
  { output, language }: Context,
  report: DriftReport,
  format: DriftFormat,
  colors: boolean,
): Promise<string> {
  return renderDrift(format, report, { width: output.width, colors, language })
}
