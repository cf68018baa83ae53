import { extname, resolve } from 'node:path'
import { TidegateError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import type { Context } from './context.ts'

/** A file that a report is written to, beside what is printed. */
export interface Destination<Format extends string> {
  readonly path: string
  readonly format: Format
}

/**
 * The files of `--output`, their formats by their endings, else the one that is asked for.
 * @throws TidegateError for a file of no known format.
 */
export function destinations<Format extends string>(
  context: Context,
  formatOf: Readonly<Record<string, Format>>,
  asked: Format | undefined,
): Destination<Format>[] {
  return context.strings('output').map((file) => {
    const format = formatOf[extname(file)] ?? asked
    if (format !== undefined) return { path: resolve(context.cwd, file), format }
    throw new TidegateError('usage', 'the ending of --output says no format', {
      nextStep: `use one of ${Object.keys(formatOf).join(', ')}, or say it with --format`,
    })
  })
}

/** Replaces the file as a whole; readable by its owner only: it holds a gateway's configuration. */
export async function writeReport(
  { output }: Context,
  { path, format }: Destination<string>,
  report: string,
): Promise<void> {
  const text = output.redactor.redact(report)
  try {
    await replaceFile(path, `${text.replace(/\n$/, '')}\n`, 0o600)
  } catch (error) {
    throw new TidegateError('usage', 'the report file cannot be written', {
      nextStep: 'check that the folder of --output exists and may be written to',
      cause: error,
    })
  }
  output.note(`wrote ${format} to ${path}`)
}
