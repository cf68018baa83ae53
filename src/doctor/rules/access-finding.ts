import type { TokenFacts, UserFacts } from '../../gateway/facts.ts'
import { hideSecrets } from '../../gateway/secret-scan.ts'
import { sqlRepair } from '../commands.ts'
import { EVIDENCE_LIMIT, type Evidence, type Facts, type Repair } from '../diagnosis.ts'
import type { RuleId, Severity } from '../rule-table.ts'
import type { Found, World } from '../world.ts'
import { rowEvidence } from './evidence.ts'
import { routed } from './pairs.ts'

const STATEMENT_LIMIT = 5

type Cells = Readonly<Record<string, string | null>>

interface AccessFinding<T> {
  readonly rows: readonly T[]
  readonly evidence: (row: T) => Evidence
  readonly facts: Facts
  /** Null for a row that no statement can repair. */
  readonly statement?: (row: T) => string | null
  /** Unless the run is about one token or user: one customer's token is not the gateway's fault. */
  readonly otherwise: Severity
}

/** One finding about all these rows of tokens and users; null when there are none. */
export function accessFinding<T>(
  world: World,
  rule: RuleId,
  { rows, evidence, facts, statement = () => null, otherwise }: AccessFinding<T>,
): Found | null {
  if (rows.length === 0) return null
  const examples = rows.slice(0, EVIDENCE_LIMIT)
  const isAnswer = isNarrowed(world)
  // What merely informs is as its owner wants it.
  const statements =
    isAnswer || otherwise !== 'info' ? examples.flatMap((row) => statement(row) ?? []) : []
  return {
    ...(isAnswer ? {} : { severity: otherwise }),
    facts,
    evidence: examples.map(evidence),
    rows: rows.length,
    pairs: isAnswer ? routed(world, (route) => route.rule === rule).pairs : [],
    repair: repairBy(statements),
  }
}

/** Whether the run is about one token or user, so that what stops its requests is the answer. */
export function isNarrowed({ scope }: Pick<World, 'scope'>): boolean {
  return scope.token !== null || scope.user !== null
}

export function tokenEvidence(
  { id, name }: Pick<TokenFacts, 'id' | 'name'>,
  cells: Cells,
): Evidence {
  return rowEvidence('tokens', id, name, cells)
}

export function userEvidence({ id, name }: Pick<UserFacts, 'id' | 'name'>, cells: Cells): Evidence {
  return rowEvidence('users', id, name, cells)
}

/** Names for a text, each once. */
export function nameList(names: Iterable<string>): string {
  const distinct = [...new Set(names)]
  const shown = distinct.slice(0, EVIDENCE_LIMIT).map((name) => hideSecrets(name))
  return distinct.length > EVIDENCE_LIMIT ? `${shown.join(', ')}, …` : shown.join(', ')
}

function repairBy(statements: readonly string[]): Repair {
  // Showing half of a value would make a statement that stores half of it.
  const showable = statements.filter((statement) => hideSecrets(statement) === statement)
  if (showable.length === 0) return { kind: 'advice' }
  return sqlRepair(...showable.slice(0, STATEMENT_LIMIT))
}
