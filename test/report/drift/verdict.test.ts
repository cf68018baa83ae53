import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DriftReport, TableFacts } from '../../../src/diff/drift-report.ts'
import type { FindingClass, Severity } from '../../../src/diff/finding.ts'
import { driftTexts } from '../../../src/language/drift.ts'
import * as verdicts from '../../../src/report/drift/verdict.ts'
import { driftReport, finding, table } from '../../support/drift-report.ts'

const TEXTS = driftTexts('en').report
const verdictLine = (report: DriftReport): string => verdicts.verdictLine(report, TEXTS)
const verdictNote = (report: DriftReport): string | null => verdicts.verdictNote(report, TEXTS)

function of(...classes: (FindingClass | readonly [FindingClass, string])[]): DriftReport {
  return driftReport(
    classes.map((one) => {
      const [name, where] = typeof one === 'string' ? [one, 'channels'] : one
      return finding({ class: name, table: where, severity: 'error' satisfies Severity })
    }),
  )
}

function incomplete(report: DriftReport, ...tables: TableFacts[]): DriftReport {
  return { ...report, verdict: { ...report.verdict, status: 'incomplete' }, tables }
}

const failed = (name: string, reason: string | null = null): TableFacts =>
  table(name, { status: 'incomplete', reason })

const CASES: readonly (readonly [string, DriftReport, string])[] = [
  [
    'drift with what stands beside it',
    of('drift', ['drift', 'options'], 'unmanaged', 'pending', 'accepted', 'accepted'),
    'Drift: 3 rows in 2 tables (2 drift, 1 unmanaged) · 1 pending · 2 accepted',
  ],
  [
    'tables of findings that are only mentioned are not counted',
    of('drift', ['accepted', 'options']),
    'Drift: 1 row in 1 table (1 drift) · 1 accepted',
  ],
  ['without a base', of('different'), 'Different: 1 row in 1 table (1 different)'],
  ['what is no row', of('integrity'), 'Attention: 1 finding in 1 table (1 integrity)'],
  ['only pending', of('pending', 'runtime'), 'Pending: 1 row to bring to production · 1 runtime'],
  [
    'only what is expected',
    of('accepted', 'environment'),
    'No drift beyond what is expected · 1 environment · 1 accepted',
  ],
  ['agreement', driftReport([]), 'No drift: local and production agree (3 tables, 9 rows)'],
  [
    'absent tables are not counted as compared',
    driftReport([], { tables: [table('a'), table('b', { status: 'absent', from: null })] }),
    'No drift: local and production agree (1 table, 3 rows)',
  ],
  [
    'incomplete, with findings',
    incomplete(of('drift', 'pending', 'accepted'), failed('abilities', 'connection lost')),
    'Incomplete: abilities (connection lost) could not be compared · so far 3 differences',
  ],
  [
    'incomplete, without findings',
    incomplete(driftReport([]), failed('a'), failed('b'), table('c')),
    'Incomplete: a, b could not be compared · no difference so far',
  ],
  [
    'many incomplete tables',
    incomplete(driftReport([]), ...['a', 'b', 'c', 'd', 'e'].map((name) => failed(name))),
    'Incomplete: a, b, c and 2 more could not be compared · no difference so far',
  ],
  [
    'incomplete, no table says why',
    incomplete(driftReport([])),
    'Incomplete: a part could not be compared · no difference so far',
  ],
]

describe('the verdict in one line', () => {
  for (const [name, report, line] of CASES) {
    it(name, () => assert.equal(verdictLine(report), line))
  }

  it('counts tables of findings that are not listed', () => {
    const report = of('drift')
    const verdict = { ...report.verdict, counts: { ...report.verdict.counts, drift: 9 }, tables: 4 }
    const line = verdictLine({ ...report, omitted: 8, verdict })
    assert.equal(line, 'Drift: 9 rows in 4 tables (9 drift)')
  })

  it('names of sides and reasons are escaped and stay on the line', () => {
    const clean = driftReport([])
    const name = 'a\u001b[31m\nNo drift\u202e'
    assert.equal(
      verdictLine({ ...clean, to: { ...clean.to, name } }),
      'No drift: local and a\\u{1b}[31m\\u{a}No drift\\u{202e} agree (3 tables, 9 rows)',
    )
    assert.ok(!verdictLine(incomplete(clean, failed('a', name))).includes('\n'))
  })
})

describe('what the verdict rests on', () => {
  it('is silent about a three-way comparison with fingerprints', () => {
    assert.equal(verdictNote(driftReport()), null)
  })

  it('says what makes it weaker', () => {
    const report = driftReport([])
    const note = verdictNote({
      ...report,
      base: { kind: 'none', label: null },
      secrets: { compared: 'state', keyId: null, unknown: 2 },
      omitted: 1,
      verdict: { ...report.verdict, converged: 3 },
    })
    assert.equal(
      note,
      'two-way: no base says which side changed · secrets compared only as set or empty · ' +
        '3 cells changed on both sides to the same value · 1 finding counted and not listed',
    )
  })
})
