import type { DriftReport } from '../../diff/drift-report.ts'
import { escapeJson } from '../escape.ts'

/**
 * One document per line, each with its `type`: `header` (the report without findings and verdict),
 * a `finding` for each, `verdict`. A file without its last line was cut off.
 */
export function renderDriftJsonl({ verdict, findings, ...header }: DriftReport): string {
  const documents = [
    { type: 'header', ...header },
    ...findings.map((finding) => ({ type: 'finding', ...finding })),
    { type: 'verdict', ...verdict },
  ]
  return documents.map((document) => escapeJson(JSON.stringify(document))).join('\n')
}
