import type { Diagnosis } from '../doctor/diagnosis.ts'
import type { MigrationState } from '../migrate/plan.ts'

/** What one look at the database found. */
export interface CheckResult {
  readonly diagnosis: Diagnosis
  /** By the name that this gateway gives the type; `other` for numbers that it does not know. */
  readonly enabledChannels: ReadonlyMap<string, number>
  readonly bltcyChannels: number
  readonly drift: DriftCounts
  /** Migrations per state. */
  readonly migrations: ReadonlyMap<MigrationState, number>
  /** Seeds that were never applied or whose rows are not as declared. */
  readonly pendingSeeds: number
  /** Seconds from nothing to the server's first answer to a query. */
  readonly connectionSeconds: number
  /** The doctor's report as an HTML document. */
  readonly page: () => Promise<string>
}

/** Differences from the seeds. */
export interface DriftCounts {
  readonly findings: readonly { readonly class: string; readonly table: string }[]
  /** False when something could not be compared. */
  readonly isComplete: boolean
}

/** Looks once. Rejects when it cannot, and soon after the signal fires, with nothing left open. */
export type RunCheck = (signal: AbortSignal) => Promise<CheckResult>
