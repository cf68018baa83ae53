import { sql } from 'kysely'
import { DIALECTS, type DialectName, type Queries } from '../database/contract.ts'
import type { Finding } from '../diff/finding.ts'
import type { MigrateInput } from '../migrate/runner.ts'

/** What is checked of a finding. */
export interface FindingFacts extends Pick<
  Finding,
  'kind' | 'class' | 'severity' | 'table' | 'key' | 'side'
> {
  /** As `cellFacts` writes them, in the order of the report; [] unless a row was changed. */
  readonly cells: readonly string[]
}

/** All that a comparison may say of a case. */
export interface Expectation {
  readonly findings: readonly FindingFacts[]
  /** Tables that could not be compared. */
  readonly incomplete: readonly string[]
  /** Rows of customers that only the right side has: counted, and no finding. */
  readonly unlisted: number
}

/** One thing that is done to the right one of two equal databases. */
export interface SelftestCase {
  readonly name: string
  /** Whose tables both databases have. */
  readonly gateway: MigrateInput['gateway']
  /** What the right side may be. */
  readonly dialects: readonly DialectName[]
  readonly plant: (queries: Queries, dialect: DialectName) => Promise<void>
  readonly expects: Expectation
}

type Options = Partial<Pick<SelftestCase, 'gateway' | 'dialects'> & Omit<Expectation, 'findings'>>

/** SQL that both dialects understand, or one text for each of them. */
type Statement = string | Readonly<Record<DialectName, string>>

export function difference(
  name: string,
  statements: readonly Statement[],
  findings: readonly FindingFacts[],
  options: Options = {},
): SelftestCase {
  const { gateway = 'new-api', dialects = DIALECTS, incomplete = [], unlisted = 0 } = options
  const expects = { findings, incomplete, unlisted }
  return { name, gateway, dialects, plant: planting(statements), expects }
}

/** What is no difference. */
export function equal(
  name: string,
  statements: readonly Statement[],
  options: Options = {},
): SelftestCase {
  return difference(name, statements, [], options)
}

export function isEqualPair({ expects }: Pick<SelftestCase, 'expects'>): boolean {
  return expects.findings.length === 0 && expects.incomplete.length === 0
}

function planting(statements: readonly Statement[]): SelftestCase['plant'] {
  return async (queries, dialect) => {
    for (const statement of statements) {
      const text = typeof statement === 'string' ? statement : statement[dialect]
      await sql.raw(text).execute(queries)
    }
  }
}
