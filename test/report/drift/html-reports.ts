import type { DriftReport } from '../../../src/diff/drift-report.ts'
import {
  type Finding,
  FINDING_CLASSES,
  FINDING_KINDS,
  SEVERITIES,
} from '../../../src/diff/finding.ts'
import { cellFinding, driftReport, finding, table } from '../../support/drift-report.ts'

const TABLES = ['channels', 'options', 'abilities'] as const

/** A report with every class, severity, kind and table, in turns; keys are `row 0`, `row 1`, …. */
export function variedReport(count: number): DriftReport {
  return driftReport(
    Array.from({ length: count }, (_, index) => varied(index)),
    { tables: [...TABLES.map((name) => table(name)), UNREAD] },
  )
}

const UNREAD = table('tokens', {
  status: 'incomplete',
  reason: 'the connection was lost',
  to: null,
})

function varied(index: number): Finding {
  const accepted = { reason: '扩容期间提高权重', owner: 'ops', expires: '2026-12-31' }
  return finding({
    id: index.toString(16).padStart(12, '0'),
    kind: FINDING_KINDS[index % FINDING_KINDS.length]!,
    class: FINDING_CLASSES[index % FINDING_CLASSES.length]!,
    severity: SEVERITIES[index % SEVERITIES.length]!,
    table: TABLES[index % TABLES.length]!,
    message: `row ${index} was changed`,
    key: [`row ${index}`, index % 2 === 0 ? '旧网关' : 'gateway'],
    side: index % 2 === 0 ? 'to' : null,
    cells: [
      cellFinding({ column: 'base_url', from: 'https://a.example/v1', to: 'https://b.example/v1' }),
      cellFinding({ column: 'models', added: ['sora'], removed: ['pika'], class: 'conflict' }),
      cellFinding({ column: 'key', secret: true, from: '3fa85b1c9e02', to: 'b71d33e0aa94' }),
      cellFinding({ column: 'tag', path: 'proxy', present: 'to', from: null, to: null }),
      cellFinding({ column: 'group', difference: 'formatting', from: 'a,b', to: ' a, b' }),
    ],
    acceptance: index % 4 === 0 ? accepted : null,
  })
}
