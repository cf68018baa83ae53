import type { FailLevel, FindingClass, FindingKind, Severity } from '../diff/finding.ts'
import type { SentencePairs } from './sentences.ts'

/** What a comparison and its reports say; each language has all of it. */
export interface DriftTexts {
  readonly report: DriftReportTexts
  readonly page: DriftPageTexts
  /** Sentences that a report stores in English, with their translation; [] in English. */
  readonly sentences: SentencePairs
}

/** A sentence with data in it: `T` is the text of it, or what a renderer marks as data. */
export type Sentence<T> = readonly (string | T)[]

/** What all reports for people say. */
export interface DriftReportTexts {
  readonly classes: Readonly<Record<FindingClass, string>>
  readonly severities: Readonly<Record<Severity, string>>
  readonly kinds: Readonly<Record<FindingKind, string>>
  readonly statuses: Readonly<Record<'complete' | 'incomplete' | 'absent', string>>
  readonly sources: Readonly<Record<'database' | 'snapshot' | 'seeds', string>>
  readonly bases: Readonly<Record<'applied' | 'snapshot' | 'none', string>>
  readonly colon: string
  readonly comma: string
  readonly inParentheses: <T>(content: Sentence<T>) => Sentence<T>
  /** `2 drift`. */
  readonly ofClass: (count: number, name: string) => string
  readonly findings: (count: number) => string
  readonly more: (count: number) => string
  readonly wholeTable: string
  readonly onlyIn: <T>(side: T, value: T) => Sentence<T>
  readonly added: string
  readonly removed: string
  readonly base: <T>(value: T) => Sentence<T>
  readonly formatting: string
  readonly unknownGateway: string
  readonly readAt: <T>(time: T) => Sentence<T>
  readonly unlistedRows: (count: number) => string
  readonly accepted: <T>(expires: T, owner: T, reason: T) => Sentence<T>
  readonly declaredIn: <T>(place: T) => Sentence<T>
  readonly verdict: VerdictTexts
  readonly text: {
    readonly from: string
    readonly to: string
    readonly base: string
    readonly apart: (name: string) => string
    readonly notListed: (count: number) => string
    readonly notCompared: string
    /** For terminals too narrow for a table. */
    readonly rows: (table: string, from: string, to: string, what: string) => string
    /** Table and result; the two sides stand between them. */
    readonly tableHeads: readonly [string, string]
    readonly noWay: string
    readonly wayHeads: readonly [string, string, string, string, string, string, string]
  }
  readonly markdown: {
    readonly table: string
    readonly compared: string
    readonly rowsOf: <T>(side: T) => Sentence<T>
    readonly apart: (name: string) => string
    /** What the shortened levels lack, from the fullest on. */
    readonly lacks: readonly [string, string, string, string]
    readonly shortened: (lacks: string) => string
    readonly from: string
    readonly to: string
    readonly base: string
    readonly secrets: (compared: 'fingerprint' | 'state') => string
    readonly key: string
    readonly made: <T>(time: T, version: T) => Sentence<T>
    readonly run: string
    readonly commit: string
  }
  readonly ci: {
    readonly notAnnotated: (count: number) => string
    readonly notListedHere: (count: number) => string
    readonly incomplete: (reason: string) => string
  }
}

interface VerdictTexts {
  readonly headline: (
    what: 'drift' | 'different' | 'attention',
    counts: {
      readonly count: number
      readonly areRows: boolean
      readonly tables: number
      readonly classes: string
    },
  ) => string
  readonly pending: <T>(rows: number, to: T) => Sentence<T>
  readonly expected: string
  readonly agreement: <T>(from: T, to: T, size: { tables: number; rows: number }) => Sentence<T>
  readonly incomplete: <T>(what: Sentence<T>, differences: number) => Sentence<T>
  readonly part: string
  readonly moreTables: (count: number) => string
  readonly twoWay: string
  readonly secretsAsState: string
  readonly converged: (cells: number) => string
  readonly unlisted: (findings: number) => string
}

/** What only the HTML page says. */
export interface DriftPageTexts {
  readonly meanings: Readonly<Record<FindingClass, string>>
  readonly failLevels: Readonly<Record<FailLevel, string>>
  readonly verdict: {
    readonly label: string
    readonly arrow: string
    readonly incomplete: string
    readonly result: (failing: boolean, level: string) => string
    readonly bySeverity: string
  }
  readonly facts: {
    readonly label: string
    readonly from: string
    readonly to: string
    readonly comparison: string
    readonly twoWay: string
    readonly threeWay: string
    readonly sources: Readonly<Record<'database' | 'snapshot' | 'seeds', string>>
    readonly source: string
    readonly place: string
    readonly gateway: string
    readonly notRecognised: string
    readonly read: string
    readonly base: string
    readonly noBase: string
    readonly secrets: string
    readonly asState: string
    readonly byFingerprint: string
    readonly byKey: string
    readonly madeBy: string
    readonly madeAt: string
  }
  readonly filters: {
    readonly label: string
    readonly severity: string
    readonly class: string
    readonly table: string
    readonly search: string
    readonly clear: string
    readonly expand: string
    readonly collapse: string
    readonly keys: string
    readonly classes: string
    readonly close: string
    /** Of `/`, `j`, `k`, `Enter`, `Esc` and `?`: the key, and what it does. */
    readonly bindings: readonly (readonly [string, string])[]
  }
  /** For the script: `{count}`, `{shown}` and `{total}` are replaced there. */
  readonly script: {
    readonly one: string
    readonly other: string
    readonly part: string
    readonly copy: string
    readonly copied: string
    readonly selected: string
  }
  readonly findings: {
    readonly title: string
    readonly none: string
    /** Title and meaning of what is listed apart. */
    readonly apart: Readonly<
      Record<'environment' | 'runtime' | 'accepted', readonly [string, string]>
    >
    readonly wholeTable: string
    readonly empty: string
    readonly missing: <T>(side: T) => Sentence<T>
    readonly extra: <T>(side: T) => Sentence<T>
    readonly duplicate: <T>(side: T) => Sentence<T>
    readonly abilities: <T>(side: T) => Sentence<T>
    readonly moreCells: (count: number) => string
    readonly added: string
    readonly removed: string
    readonly accepted: <T>(owner: T, expires: T, reason: T) => Sentence<T>
    readonly resolutions: string
    readonly column: string
    readonly base: string
    readonly secret: string
    readonly formatting: string
    readonly formattingMeaning: string
    readonly absent: string
    readonly members: string
  }
  readonly tables: {
    readonly title: string
    readonly none: string
    readonly table: string
    readonly status: string
    readonly rows: <T>(side: T) => Sentence<T>
    readonly findings: string
    readonly comparedBy: string
    readonly unlisted: (count: string) => string
    readonly notRead: string
    readonly notCompared: string
    readonly cost: (facts: {
      readonly bytes: string
      readonly scans: number
      readonly roundTrips: number
      readonly milliseconds: string
    }) => string
    readonly bytes: (count: number) => string
    readonly leftOut: <T>(names: Sentence<T>) => Sentence<T>
  }
}
