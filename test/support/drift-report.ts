import type { DriftReport, TableFacts } from '../../src/diff/drift-report.ts'
import {
  type CellFinding,
  type Finding,
  FINDING_CLASSES,
  type FindingClass,
  SEVERITIES,
  type Severity,
} from '../../src/diff/finding.ts'

/** Reports made by hand, for the renderers: what a comparison gives, without a database. */

export function cellFinding(values: Partial<CellFinding> = {}): CellFinding {
  return {
    column: 'priority',
    path: null,
    difference: 'different',
    class: 'drift',
    present: 'both',
    from: '5',
    to: '0',
    base: '5',
    secret: false,
    added: [],
    removed: [],
    pin: 'sha256:0123456789abcdef',
    ...values,
  }
}

export function finding(values: Partial<Finding> = {}): Finding {
  return {
    id: '0123456789ab',
    kind: 'changed',
    class: 'drift',
    severity: 'error',
    table: 'channels',
    key: ['Bltcy旧网关', '55'],
    side: null,
    message: 'channels "Bltcy旧网关" (type 55): priority was changed in production',
    cells: [cellFinding()],
    acceptance: null,
    resolutions: [
      {
        command: 'tidegate push --from local --to production --select 0123456789ab',
        effect: 'writes the value of local to production',
      },
      {
        command: 'tidegate accept 0123456789ab --reason "…"',
        effect: 'accepts the value of production until a date',
      },
    ],
    location: { file: 'seeds/bltcy-channel.ts', line: 27 },
    ...values,
  }
}

export function driftReport(
  findings: readonly Finding[] = [finding()],
  values: Partial<DriftReport> = {},
): DriftReport {
  const severities = count<Severity>(
    SEVERITIES,
    findings.map(({ severity }) => severity),
  )
  return {
    $schema: 'urn:tidegate:drift-report:v1',
    version: 1,
    tool: { name: 'tidegate', version: '0.1.0' },
    createdAt: '2026-11-22T20:00:00.000Z',
    verdict: {
      status: findings.length === 0 ? 'clean' : 'different',
      failOn: 'warning',
      failing: severities.error + severities.warning > 0,
      counts: count<FindingClass>(
        FINDING_CLASSES,
        findings.map((one) => one.class),
      ),
      severities,
      converged: 0,
      tables: new Set(findings.map(({ table }) => table)).size,
    },
    from: side('local', 'sqlite', 'data/one-api.db'),
    to: side('production', 'postgres', 'gateway@db.example:5432/gateway'),
    base: { kind: 'applied', label: 'what tidegate last applied to production' },
    secrets: { compared: 'fingerprint', keyId: '1a2b3c4d', unknown: 0 },
    tables: [table('channels'), table('abilities'), table('options')],
    findings,
    omitted: 0,
    notCompared: ['logs_archive'],
    ...values,
  }
}

function side(name: string, dialect: 'sqlite' | 'postgres', label: string): DriftReport['from'] {
  return {
    name,
    kind: 'database',
    dialect,
    label,
    gateway: 'new-api since 2025-09-09',
    takenAt: '2026-11-22T20:00:00.000Z',
  }
}

export function table(name: string, values: Partial<TableFacts> = {}): TableFacts {
  return {
    table: name,
    status: 'complete',
    reason: null,
    from: 3,
    to: 3,
    unlisted: 0,
    way: {
      algorithm: 'stream',
      reason: 'small table',
      bytes: 1_024,
      scans: 2,
      roundTrips: 1,
      milliseconds: 12,
    },
    ...values,
  }
}

function count<K extends string>(names: readonly K[], found: readonly K[]): Record<K, number> {
  return Object.fromEntries(
    names.map((name) => [name, found.filter((one) => one === name).length]),
  ) as Record<K, number>
}
