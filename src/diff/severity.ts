import {
  type CellFinding,
  FINDING_CLASSES,
  type FindingClass,
  SEVERITIES,
  type Severity,
} from './finding.ts'

const SEVERITY_OF: Readonly<Record<FindingClass, Severity>> = {
  conflict: 'error',
  drift: 'error',
  different: 'error',
  integrity: 'error',
  schema: 'warning',
  pending: 'warning',
  unmanaged: 'warning',
  acceptance: 'warning',
  environment: 'note',
  runtime: 'note',
  accepted: 'note',
}

/** The first one in the order of `FINDING_CLASSES`; null for none. */
export function worstClass(classes: Iterable<FindingClass>): FindingClass | null {
  const present = new Set(classes)
  return FINDING_CLASSES.find((one) => present.has(one)) ?? null
}

/** A list that the gateway misreads is an error whoever wrote it, unless it is accepted. */
export function severityOf(worst: FindingClass, cells: readonly CellFinding[]): Severity {
  const isMisread = cells.some(
    (cell) => cell.difference === 'formatting' && cell.class !== 'accepted',
  )
  return worstSeverity([SEVERITY_OF[worst], ...(isMisread ? (['error'] as const) : [])])
}

function worstSeverity(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((one) => severities.includes(one)) ?? 'note'
}
