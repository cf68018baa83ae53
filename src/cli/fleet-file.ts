import { TidegateError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import { escapeJson } from '../report/escape.ts'
import type { FleetReport } from '../report/fleet.ts'
import type { Output } from './output.ts'

/** Replaces the file as a whole; readable by its owner only: it holds what the runs reported. */
export async function saveFleet(
  { redactor }: Output,
  path: string,
  report: FleetReport,
): Promise<void> {
  const text = redactor.redact(escapeJson(JSON.stringify(report, null, 2)))
  try {
    await replaceFile(path, `${text}\n`, 0o600)
  } catch (error) {
    throw new TidegateError('usage', 'the file of --fleet-report cannot be written', {
      nextStep: 'check that its folder exists and may be written to',
      cause: error,
    })
  }
}
