import type { ConnectionTiming } from '../database/contract.ts'
import type { CacheMode } from '../gateway/routing.ts'
import type { VisibilityFacts } from '../gateway/visibility.ts'
import type { RuleId, Severity } from './rule-table.ts'

export type { VisibilityFacts }

/**
 * What the doctor found, for every renderer. Texts of ours are not in it: a finding names its rule
 * and the facts that fill the rule's texts, so that one diagnosis can be read in any language.
 * Values come from the database, are hostile, and hold no secret.
 */
export interface Diagnosis {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'tidegate'; readonly version: string }
  readonly environment: string
  readonly database: { readonly dialect: 'sqlite' | 'postgres'; readonly label: string }
  /** Null when the columns are no known gateway's. */
  readonly gateway: GatewaySummary | null
  /** ISO 8601, UTC. */
  readonly takenAt: string
  /** The cache modes that were evaluated. */
  readonly modes: readonly CacheMode[]
  readonly scope: Scope
  readonly verdict: Verdict
  readonly checks: readonly Check[]
  /** The first is the cause to look at first. */
  readonly findings: readonly Finding[]
  readonly routes: readonly Route[]
  readonly connection: ConnectionFacts | null
  readonly pool: PoolFacts | null
  readonly visibility: VisibilityFacts
}

export interface GatewaySummary {
  readonly version: string
  /** The column that proves it. */
  readonly evidence: string
  /** What the type numbers of declared and listed channels mean in this version. */
  readonly types: readonly {
    readonly number: string
    /** Null when this version does not know the number. */
    readonly meaning: string | null
    readonly channels: number
  }[]
}

/** What the run was narrowed to; null and [] stand for all. */
export interface Scope {
  readonly path: string | null
  readonly models: readonly string[]
  readonly token: string | null
  readonly user: string | null
  readonly group: string | null
}

export interface Verdict {
  readonly status: 'healthy' | 'unhealthy'
  readonly counts: Readonly<Record<Severity, number>>
  /** Whether a finding is as bad as `--fail-on` says. */
  readonly failing: boolean
  /** Group and model pairs that were routed, and those that cannot be served. */
  readonly pairs: number
  readonly unroutable: number
}

/** The questions of the incident's guide, in its order. */
export const CHECK_IDS = [
  'channels',
  'status',
  'base-url',
  'key',
  'models',
  'connection',
  'pool',
  'reload',
] as const

export type CheckId = (typeof CHECK_IDS)[number]

export interface Check {
  readonly id: CheckId
  /** `info` says something and judges nothing. */
  readonly result: 'ok' | 'failed' | 'info'
  /** The seed's channel that it is about; null for the database as a whole. */
  readonly subject: string | null
  readonly facts: Facts
  /** The findings that say more. */
  readonly rules: readonly RuleId[]
}

/** Values for the `{placeholders}` of a text. */
export type Facts = Readonly<Record<string, string>>

export interface Finding {
  readonly rule: RuleId
  readonly severity: Severity
  /** The cache modes in which it matters. */
  readonly modes: readonly CacheMode[]
  readonly facts: Facts
  /** At most `EVIDENCE_LIMIT`; `rows` counts all. */
  readonly evidence: readonly Evidence[]
  readonly rows: number
  /** Group and model pairs that it breaks or weakens. */
  readonly pairs: readonly Pair[]
  readonly repair: Repair
  /** Rules that this one explains, so that they are not findings of their own. */
  readonly explains: readonly RuleId[]
}

export const EVIDENCE_LIMIT = 20

/** One row that proves a finding. */
export interface Evidence {
  readonly table: string
  /** Id, key, or group/model/channel_id. */
  readonly row: string
  /** What people call it; null when it has no name. */
  readonly label: string | null
  readonly cells: readonly { readonly column: string; readonly value: string | null }[]
}

export interface Pair {
  readonly group: string
  readonly model: string
}

/** What to do about it. `advice`: the rule's text says what, because the tool must not decide. */
export type Repair =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'sql'; readonly statements: readonly string[] }
  | { readonly kind: 'advice' }

/** How the requests of one group for one model fare in one cache mode. */
export interface Route {
  readonly mode: CacheMode
  /** Whose requests these are; null when no token is concerned. */
  readonly token: { readonly id: string; readonly name: string | null } | null
  /** How many enabled tokens take it; 0 when only what is declared asks for it. */
  readonly tokens: number
  readonly user: string | null
  /** The effective group; null when it could not be told. */
  readonly group: string | null
  readonly model: string
  /** `weakened`: served, but not always or not as meant. */
  readonly outcome: 'served' | 'weakened' | 'refused' | 'crash'
  /** HTTP status that the caller sees when refused; null otherwise. */
  readonly status: number | null
  /** The rule that refuses or weakens it. */
  readonly rule: RuleId | null
  /** Where it breaks; null when served. */
  readonly stage: RouteStage | null
  readonly tiers: readonly RouteTier[]
}

export const ROUTE_STAGES = ['token', 'user', 'group', 'model', 'channel', 'price'] as const

export type RouteStage = (typeof ROUTE_STAGES)[number]

export interface RouteTier {
  readonly priority: string
  readonly channels: readonly {
    readonly id: string
    /** Null when there is no such channel. */
    readonly name: string | null
    readonly type: string | null
    /** 0 to 1. */
    readonly chance: number
    /** Why requests fail there; null when nothing is known against it. */
    readonly fault: RuleId | null
  }[]
}

export interface ConnectionFacts {
  readonly samples: readonly ConnectionTiming[]
  /** Of the totals. */
  readonly medianMs: number
  /** The medians of each part. */
  readonly median: ConnectionTiming
}

/** The gateway's pool against the server's limit. */
export interface PoolFacts {
  /** Null when the variable is not set: the gateway's default counts. */
  readonly maxIdle: number | null
  readonly maxOpen: number | null
  readonly maxLifetimeSeconds: number | null
  readonly serverMax: number
  /** Kept by the server for superusers and reserved roles. */
  readonly serverReserved: number
  readonly inUse: number
  /** Of these, connections to this database. */
  readonly inUseHere: number
}
