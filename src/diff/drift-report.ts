import type { FailLevel, Finding, FindingClass, Severity } from './finding.ts'

/** The whole result of a comparison: what every renderer shows and `--json` prints. */
export interface DriftReport {
  readonly $schema: string
  readonly version: 1
  readonly tool: { readonly name: 'tidegate'; readonly version: string }
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly verdict: Verdict
  readonly from: SideFacts
  readonly to: SideFacts
  readonly base: BaseFacts
  readonly secrets: SecretFacts
  readonly tables: readonly TableFacts[]
  /** Most severe first, then by table and key. */
  readonly findings: readonly Finding[]
  /** Findings beyond `--max-findings`: counted in the verdict and not listed. */
  readonly omitted: number
  /** Tables of either side that are none of the gateway's and that nobody asked for. */
  readonly notCompared: readonly string[]
}

export interface Verdict {
  /** `incomplete` says that something could not be compared, whatever else was found. */
  readonly status: 'clean' | 'different' | 'incomplete'
  readonly failOn: FailLevel
  /** Whether a finding reaches `failOn`. */
  readonly failing: boolean
  /** Findings per class and per severity, those that are not listed too. */
  readonly counts: Readonly<Record<FindingClass, number>>
  readonly severities: Readonly<Record<Severity, number>>
  /** Cells that both sides changed to the same value since the base. */
  readonly converged: number
  /** Tables in which a finding is. */
  readonly tables: number
}

export interface SideFacts {
  /** What the user called it: an environment, `seeds`, or the path of a snapshot file. */
  readonly name: string
  readonly kind: 'database' | 'snapshot' | 'seeds'
  readonly dialect: 'sqlite' | 'postgres' | null
  /** Where it is, without password. */
  readonly label: string
  /** The recognised version: `new-api since 2025-09-09`; null when there is none. */
  readonly gateway: string | null
  /** ISO 8601, UTC: when its rows were read. */
  readonly takenAt: string
}

export interface BaseFacts {
  /** `applied`: what tidegate last wrote to the right side; `none` makes the comparison two-way. */
  readonly kind: 'applied' | 'snapshot' | 'none'
  readonly label: string | null
}

export interface SecretFacts {
  /** `state`: without a fingerprint key, only set and empty are told apart. */
  readonly compared: 'fingerprint' | 'state'
  /** Which key the fingerprints were made with: 8 hexadecimal digits. */
  readonly keyId: string | null
  /**
   * Cells that are set on both sides and of which nobody can say whether they are equal, in rows
   * that differ otherwise: rows that look alike are not taken apart.
   */
  readonly unknown: number
}

export interface TableFacts {
  readonly table: string
  readonly status: 'complete' | 'incomplete' | 'absent'
  /** Why it is incomplete or absent. */
  readonly reason: string | null
  /** Rows read, per side; null when a side lacks the table or could not be read. */
  readonly from: number | null
  readonly to: number | null
  /** Rows that only the right side has and that are customers' own: counted, not listed. */
  readonly unlisted: number
  /** How it was compared, for `--explain`. */
  readonly way: ComparisonWay | null
}

export interface ComparisonWay {
  readonly algorithm: 'stream' | 'buckets' | 'memory' | 'derivation'
  readonly reason: string
  /** Bytes received from the databases. */
  readonly bytes: number
  readonly scans: number
  readonly roundTrips: number
  readonly milliseconds: number
}
