import { hash } from 'node:crypto'
import { type AcceptedEntry, AcceptedList } from '../diff/accepted.ts'
import type { FindingContext, UnresolvedFinding } from '../diff/build-finding.ts'
import type { DriftReport, SideFacts } from '../diff/drift-report.ts'
import type { FailLevel, Finding } from '../diff/finding.ts'
import type { MaskSecrets } from '../snapshot/mask.ts'
import type { Base } from './base.ts'
import type { FindingCollector } from './collector.ts'
import { resolutionsFor } from './resolutions.ts'

export const REPORT_SCHEMA = 'urn:tidegate:drift-report:v1'

/** What a comparison is told, whatever its sides. */
export interface DriftOptions {
  readonly base: Base | null
  /** Tables of the configuration that are compared besides the gateway's. */
  readonly named: readonly string[]
  readonly accepted: readonly AcceptedEntry[]
  /** The environment that the right side is or was: what accepted entries are for. */
  readonly environment: string
  readonly failOn: FailLevel
  /** How many findings are listed; the others are counted. */
  readonly maxFindings: number
  readonly mask: MaskSecrets
  readonly toolVersion: string
  /** Names of the commands that this version has. */
  readonly commands: ReadonlySet<string>
  /** Where a seed declares what a finding is about. */
  readonly locate: (finding: UnresolvedFinding) => Finding['location']
  /** Whether applying the seeds would change what a finding is about. */
  readonly isEnsured: (finding: UnresolvedFinding) => boolean
  readonly onTable?: (table: string) => void
}

export function findingContext(
  from: SideFacts,
  to: SideFacts,
  { base, commands, locate, isEnsured }: DriftOptions,
): FindingContext {
  const sides = {
    from: from.name,
    to: to.name,
    fromKind: from.kind,
    toKind: to.kind,
    commands,
  }
  return {
    hash: (text) => hash('sha256', text, 'hex'),
    names: { from: from.name, to: to.name },
    hasBase: base !== null,
    location: locate,
    resolutions: (finding) => resolutionsFor({ ...finding, isEnsured: isEnsured(finding) }, sides),
  }
}

export function acceptedList(
  context: FindingContext,
  { accepted, environment }: DriftOptions,
  today = new Date(),
): AcceptedList {
  return new AcceptedList({
    entries: accepted,
    environment,
    today: today.toISOString().slice(0, 10),
    context,
  })
}

interface ReportInput extends Pick<
  DriftReport,
  'from' | 'to' | 'tables' | 'secrets' | 'notCompared'
> {
  readonly options: DriftOptions
  readonly collector: FindingCollector
  readonly accepted: AcceptedList
}

/** Adds what the accepted list has to say, and counts. */
export function buildReport(input: ReportInput): DriftReport {
  const { from, to, tables, secrets, notCompared, options, collector, accepted } = input
  // Seeds look at a few rows of a table only: what they do not find may still be there.
  const complete = tables.filter(({ status }) => status === 'complete' && from.kind !== 'seeds')
  const compared = new Set(complete.map(({ table }) => table))
  for (const finding of accepted.findings(compared)) collector.add(finding)
  return {
    $schema: REPORT_SCHEMA,
    version: 1,
    tool: { name: 'tidegate', version: options.toolVersion },
    createdAt: new Date().toISOString(),
    verdict: collector.verdict(tables, options.failOn),
    from,
    to,
    base: options.base?.facts ?? { kind: 'none', label: null },
    secrets,
    tables,
    findings: collector.findings(),
    omitted: collector.omitted,
    notCompared,
  }
}
