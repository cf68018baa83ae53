import type { DriftReport } from '../../../src/diff/drift-report.ts'
import { FINDING_CLASSES, FINDING_KINDS, SEVERITIES } from '../../../src/diff/finding.ts'
import { cellFinding, driftReport, finding, table } from '../../support/drift-report.ts'
import { hostileValues } from '../../support/hostile.ts'

const FINDINGS = 500
const TABLES = 10

/** Reports of 500 findings whose every text is hostile, until all values are used. */
export function hostileReports(count: number, seed: number): DriftReport[] {
  const values = hostileValues(count, seed)
  let next = 0
  const take = (): string => values[next++ % values.length]!
  const reports: DriftReport[] = []
  while (next < values.length) reports.push(reportOf(take, distinct(take)))
  return reports
}

/** The same shape with harmless texts. */
export function harmlessReport(): DriftReport {
  const names = Array.from({ length: TABLES }, (_, index) => `t${index}`)
  return reportOf(() => 'x', names)
}

function distinct(take: () => string): string[] {
  const names = new Set<string>()
  while (names.size < TABLES) names.add(take())
  return [...names]
}

function reportOf(take: () => string, names: readonly string[]): DriftReport {
  const findings = Array.from({ length: FINDINGS }, (_, index) => findingOf(take, names, index))
  const report = driftReport(findings)
  const side = { kind: 'database', dialect: 'sqlite', takenAt: '2026-11-22T20:00:00.000Z' } as const
  return {
    ...report,
    verdict: { ...report.verdict, status: 'incomplete' },
    from: { ...side, name: take(), label: take(), gateway: take() },
    to: { ...side, name: take(), label: take(), gateway: take() },
    base: { kind: 'snapshot', label: take() },
    tables: names.map((name) => table(name, { status: 'incomplete', reason: take(), unlisted: 2 })),
    notCompared: [take(), take()],
  }
}

function findingOf(take: () => string, names: readonly string[], index: number) {
  return finding({
    id: index.toString(16).padStart(12, '0'),
    kind: FINDING_KINDS[index % FINDING_KINDS.length]!,
    class: FINDING_CLASSES[index % FINDING_CLASSES.length]!,
    severity: SEVERITIES[index % SEVERITIES.length]!,
    table: names[index % names.length]!,
    key: [take(), take()],
    message: take(),
    cells: [
      cellFinding({ column: take(), path: take(), from: take(), to: take(), base: take() }),
      cellFinding({ column: take(), added: [take()], removed: [take()] }),
      cellFinding({ column: take(), present: 'to', to: take(), secret: true }),
    ],
    acceptance: index % 5 === 0 ? { reason: take(), owner: take(), expires: take() } : null,
    resolutions: [{ command: take(), effect: take() }],
    location: index % 2 === 0 ? { file: take(), line: 1 + index } : null,
  })
}
