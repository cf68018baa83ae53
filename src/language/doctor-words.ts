import type { Repair, Route, RouteStage } from '../doctor/diagnosis.ts'
import type { Severity } from '../doctor/rule-table.ts'
import type { CacheMode } from '../gateway/routing.ts'

/** A number of things: `one` for 1. Both take `{count}`. */
export interface Counted {
  readonly one: string
  readonly many: string
}

/** What the doctor's reports say besides the texts of rules and checks; `{name}` is filled in. */
export interface DoctorWords {
  /** First line of every report. */
  readonly verdict: {
    readonly healthy: string
    readonly unhealthy: string
    /** Between what was found and how requests fare. */
    readonly colon: string
    readonly comma: string
    readonly counts: Readonly<Record<Severity, Counted>>
    readonly allServed: Counted
    readonly notServed: string
    readonly onlyNotServed: string
    readonly noPairs: string
  }
  readonly where: {
    readonly database: string
    readonly gateway: string
    readonly unknownGateway: string
    readonly type: string
    readonly unknownType: string
    readonly channels: Counted
    readonly narrowed: string
    readonly path: string
    readonly models: string
    readonly token: string
    readonly user: string
    readonly group: string
    readonly madeBy: string
  }
  readonly headings: {
    readonly routes: string
    readonly checks: string
    readonly findings: string
    readonly group: string
  }
  /** A check's question and its answer. */
  readonly check: string
  readonly severities: Readonly<Record<Severity, string>>
  readonly modes: Readonly<Record<CacheMode, string>>
  /** All of them alike. */
  readonly everyMode: string
  readonly outcomes: Readonly<Record<Route['outcome'], string>>
  readonly stages: Readonly<Record<RouteStage, string>>
  readonly route: {
    readonly unknownGroup: string
    readonly anyUser: string
    readonly noChannel: string
    readonly noSuchChannel: string
    readonly type: string
    readonly first: string
    readonly retry: string
    readonly tokens: Counted
    readonly noTokens: string
    /** What the gateway does instead of answering. */
    readonly crash: string
  }
  /** What the caller's HTTP status says; a status that is not here is only printed. */
  readonly statuses: Readonly<Record<'400' | '401' | '403' | '500' | '503', string>>
  readonly finding: {
    readonly onlyIn: string
    readonly pairs: string
    readonly more: string
    readonly moreRows: string
    readonly explains: string
    readonly source: string
  }
  /** What to do: `{advice}`, before what can be run. */
  readonly repairs: Readonly<Record<Repair['kind'], string>>
  /** Beside a command that cannot be shown as it is. */
  readonly notExact: string
  /** Markdown that lacks a part, by how much of it there is. */
  readonly shortened: string
}
