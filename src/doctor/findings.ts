import type { CacheMode } from '../gateway/routing.ts'
import { EVIDENCE_LIMIT, type Evidence, type Finding, type Pair } from './diagnosis.ts'
import { RULE_IDS, RULES, type RuleId, SEVERITIES } from './rule-table.ts'
import type { Found, Rule, World } from './world.ts'

/** Findings of every rule, the one to look at first before the others. */
export function findAll(world: World, rules: Readonly<Record<RuleId, Rule>>): Finding[] {
  const found = RULE_IDS.flatMap((id) => {
    const result = rules[id](world)
    return result === null ? [] : [{ id, result }]
  })
  const explained = new Set(found.filter((one) => isExplained(one, found)).map(({ id }) => id))
  return found
    .filter(({ id }) => !explained.has(id))
    .map(({ id, result }) => complete(id, result, world.modes, explained))
    .toSorted((a, b) => rank(a) - rank(b))
}

interface Numbered {
  readonly id: RuleId
  readonly result: Found
}

/** Whether all that a finding is about follows from other findings, together or alone. */
function isExplained({ id, result }: Numbered, found: readonly Numbered[]): boolean {
  const causes = found
    .filter((other) => other.result !== result && other.result.explains?.includes(id) === true)
    .map((other) => other.result)
  const pairs = result.pairs ?? []
  return pairs.length > 0
    ? isSubset(
        pairs,
        causes.flatMap((cause) => cause.pairs ?? []),
        nameOfPair,
      )
    : isSubset(
        result.evidence,
        causes.flatMap(({ evidence }) => evidence),
        nameOfRow,
      )
}

function isSubset<T>(part: readonly T[], whole: readonly T[], name: (one: T) => string): boolean {
  const names = new Set(whole.map(name))
  return part.length > 0 && part.every((one) => names.has(name(one)))
}

function nameOfPair({ group, model }: Pair): string {
  return JSON.stringify([group, model])
}

/** Abilities belong to the channel that they name. */
function nameOfRow({ table, row }: Evidence): string {
  return table === 'abilities' || table === 'channels'
    ? `channels:${row.slice(row.lastIndexOf('/') + 1)}`
    : `${table}:${row}`
}

function complete(
  rule: RuleId,
  found: Found,
  modes: readonly CacheMode[],
  explained: ReadonlySet<RuleId>,
): Finding {
  return {
    rule,
    severity: found.severity ?? RULES[rule].severity,
    modes: found.modes ?? modes,
    facts: found.facts,
    evidence: found.evidence.slice(0, EVIDENCE_LIMIT),
    rows: found.rows ?? found.evidence.length,
    pairs: found.pairs ?? [],
    repair: found.repair,
    explains: (found.explains ?? []).filter((id) => explained.has(id)),
  }
}

/** The order of the rule table is that of causes. */
function rank({ rule, severity }: Finding): number {
  return SEVERITIES.indexOf(severity) * RULE_IDS.length + RULE_IDS.indexOf(rule)
}
