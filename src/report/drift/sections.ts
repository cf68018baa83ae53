import type { DriftReport } from '../../diff/drift-report.ts'
import { type Finding, FINDING_CLASSES, type FindingClass, SEVERITIES } from '../../diff/finding.ts'
import { APART_CLASSES } from './verdict.ts'

/** Findings that somebody looks at, per table, in the report's order; then those listed apart. */
export interface Sections {
  readonly tables: ReadonlyMap<string, readonly Finding[]>
  readonly apart: ReadonlyMap<FindingClass, readonly Finding[]>
}

export function sectionsOf({ findings }: DriftReport): Sections {
  const isApart = (finding: Finding) =>
    (APART_CLASSES as readonly FindingClass[]).includes(finding.class)
  const apart = findings.filter(isApart)
  return {
    tables: Map.groupBy(
      findings.filter((finding) => !isApart(finding)),
      ({ table }) => table,
    ),
    apart: new Map(
      APART_CLASSES.map((name): [FindingClass, Finding[]] => [
        name,
        apart.filter((finding) => finding.class === name),
      ]).filter(([, found]) => found.length > 0),
    ),
  }
}

/** Every table: those that were compared, then those that only a finding names. */
export function tableNames({ tables, findings }: DriftReport): string[] {
  return [...new Set([...tables, ...findings].map(({ table }) => table))]
}

/** Listed findings per class. */
export function classCounts(findings: readonly Finding[]): Record<FindingClass, number> {
  const counts = Object.fromEntries(FINDING_CLASSES.map((name) => [name, 0])) as Record<
    FindingClass,
    number
  >
  for (const finding of findings) counts[finding.class] += 1
  return counts
}

export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity),
  )
}
