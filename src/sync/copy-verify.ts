import type { Finding } from '../diff/finding.ts'
import type { DriftReport } from '../diff/drift-report.ts'
import { compareSources } from '../drift/compare.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Source } from '../snapshot/source.ts'
import type { CopyScope } from './copy-scope.ts'

export interface CopyVerdict {
  /** `clean` when no row differs. */
  readonly status: DriftReport['verdict']['status']
  /** Rows that differ, and tables that could not be compared. */
  readonly findings: readonly Finding[]
  readonly incomplete: readonly { readonly table: string; readonly reason: string }[]
  /**
   * What the comparison has to say of both sides alike: it was so in the source. And what the
   * schemas lack, which a start of the gateway makes.
   */
  readonly remarks: readonly Finding[]
}

export interface VerifyInput {
  readonly from: Source
  readonly to: Source
  readonly scope: CopyScope
  readonly fingerprinter: Fingerprinter
  readonly toolVersion: string
}

const MOST_FINDINGS = 10_000

/** Compares the two sides after a copy, by the rules of `drift`. */
export async function verifyCopy(input: VerifyInput): Promise<CopyVerdict> {
  const { from, to, scope, fingerprinter, toolVersion } = input
  const report = await compareSources(from, to, {
    base: null,
    named: scope.tables.filter(({ key }) => key.length > 0).map(({ table }) => table),
    accepted: [],
    environment: to.name,
    failOn: 'warning',
    maxFindings: MOST_FINDINGS,
    mask: maskSecrets(fingerprinter),
    toolVersion,
    commands: new Set(),
    locate: () => null,
    isEnsured: () => false,
  })
  return judge(report)
}

function judge({ verdict, findings, tables, omitted }: DriftReport): CopyVerdict {
  const sides = Map.groupBy(findings, placeOf)
  const isRemark = (finding: Finding): boolean =>
    finding.kind === 'schema' ||
    new Set(sides.get(placeOf(finding))!.map(({ side }) => side)).size > 1
  const others = findings.filter((finding) => !isRemark(finding))
  const incomplete = tables
    .filter(({ status }) => status === 'incomplete')
    .map(({ table, reason }) => ({ table, reason: reason ?? '' }))
  const found = others.length + omitted === 0 ? 'clean' : 'different'
  const status = verdict.status === 'incomplete' ? 'incomplete' : found
  return { status, findings: others, incomplete, remarks: findings.filter(isRemark) }
}

/** Only what is wrong within one side has a side; what both have so is in the same place. */
function placeOf({ kind, table, key }: Finding): string {
  return JSON.stringify([kind, table, key])
}
