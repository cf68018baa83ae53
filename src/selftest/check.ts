import type { DriftReport } from '../diff/drift-report.ts'
import type { CellFinding, Finding } from '../diff/finding.ts'
import { compareSources } from '../drift/compare.ts'
import type { DriftOptions } from '../drift/report.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Source } from '../snapshot/source.ts'
import { OWN_TABLE } from './baseline.ts'
import { type Expectation, type FindingFacts, isEqualPair, type SelftestCase } from './case.ts'

export interface CaseResult {
  readonly name: string
  /** `equal`: nothing may be found. */
  readonly kind: 'difference' | 'equal'
  readonly holds: boolean
  readonly expected: Expectation
  readonly found: Expectation
}

/** Compares two databases, in the right one of which the case has been planted. */
export async function checkCase(
  { name, expects }: SelftestCase,
  from: Source,
  to: Source,
  fingerprinter: Fingerprinter,
): Promise<CaseResult> {
  const found = factsOf(await compareSources(from, to, optionsFor(fingerprinter)))
  return {
    name,
    kind: isEqualPair({ expects }) ? 'equal' : 'difference',
    holds: textOf(found) === textOf(expects),
    expected: expects,
    found,
  }
}

function optionsFor(fingerprinter: Fingerprinter): DriftOptions {
  return {
    base: null,
    named: [OWN_TABLE],
    accepted: [],
    environment: 'selftest',
    failOn: 'warning',
    maxFindings: 1_000,
    mask: maskSecrets(fingerprinter),
    toolVersion: '',
    commands: new Set(),
    locate: () => null,
    isEnsured: () => false,
  }
}

function factsOf({ findings, tables }: DriftReport): Expectation {
  return {
    findings: findings.map(findingFacts),
    incomplete: tables.filter(({ status }) => status === 'incomplete').map(({ table }) => table),
    unlisted: tables.reduce((sum, { unlisted }) => sum + unlisted, 0),
  }
}

function findingFacts(finding: Finding): FindingFacts {
  const { kind, class: found, severity, table, key, side, cells } = finding
  const described = kind === 'changed' ? cells.map(cellFacts) : []
  return { kind, class: found, severity, table, key, side, cells: described }
}

/** `priority`, `model_mapping.gpt-4 (only to)`, `models +pika -kling`, `models (formatting)`. */
function cellFacts({ column, path, difference, present, added, removed }: CellFinding): string {
  return [
    path === null ? column : `${column}.${path}`,
    ...(difference === 'formatting' ? ['(formatting)'] : []),
    ...(present === 'both' ? [] : [`(only ${present})`]),
    ...added.map((element) => `+${element}`),
    ...removed.map((element) => `-${element}`),
  ].join(' ')
}

/** The same whatever order the findings are in. */
function textOf({ findings, incomplete, unlisted }: Expectation): string {
  return JSON.stringify([findings.map(findingText).toSorted(), incomplete, unlisted])
}

function findingText({ kind, class: found, severity, table, key, side, cells }: FindingFacts) {
  return JSON.stringify([kind, found, severity, table, key, side, cells])
}
