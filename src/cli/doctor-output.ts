import type { Diagnosis } from '../doctor/diagnosis.ts'
import { DOCTOR_FORMATS, type DoctorFormat, renderDoctor } from '../report/doctor/formats.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { destinations, type Destination, writeReport } from './report-files.ts'

const FORMAT_OF: Readonly<Record<string, DoctorFormat>> = {
  '.txt': 'text',
  '.json': 'json',
  '.md': 'markdown',
  '.html': 'html',
}

/** Checked before anything is read. @throws TidegateError for a file of no known format. */
export function reportFiles(context: Context): Destination<DoctorFormat>[] {
  return destinations(context, FORMAT_OF, formatFlag(context))
}

function formatFlag(context: Context): DoctorFormat | undefined {
  return DOCTOR_FORMATS.find((format) => format === context.string('format'))
}

/** Prints the report, writes it to files, and sets the exit code. */
export async function printDiagnosis(
  context: Context,
  diagnosis: Diagnosis,
  files: readonly Destination<DoctorFormat>[],
): Promise<void> {
  const { output } = context
  if (diagnosis.verdict.failing) context.exitCode = EXIT_CODES.found
  const asked = files.length > 0 ? undefined : formatFlag(context)
  const format = output.json ? 'json' : (asked ?? 'text')
  const text = await render(context, diagnosis, format, output.colors)
  if (format === 'text') output.text(text)
  else output.document(text)
  for (const { path, format: own } of files) {
    await writeReport(context, { path, format: own }, await render(context, diagnosis, own, false))
  }
}

function render(
  { output, language }: Context,
  diagnosis: Diagnosis,
  format: DoctorFormat,
  colors: boolean,
): Promise<string> {
  return renderDoctor(format, diagnosis, { language, width: output.width, colors })
}
