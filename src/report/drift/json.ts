import type { DriftReport } from '../../diff/drift-report.ts'
import { escapeJson } from '../escape.ts'

/** The whole report as one document. */
export function renderDriftJson(report: DriftReport): string {
  return escapeJson(JSON.stringify(report, null, 2))
}
