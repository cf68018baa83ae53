import {
  CHECK_IDS,
  type Diagnosis,
  type Evidence,
  type Finding,
  type Repair,
  type Route,
  ROUTE_STAGES,
} from '../../../src/doctor/diagnosis.ts'
import { RULE_IDS, SEVERITIES } from '../../../src/doctor/rule-table.ts'
import { CACHE_MODES } from '../../../src/gateway/routing.ts'
import { check, diagnosis, finding, route, tier } from '../../support/diagnosis.ts'
import { hostileValues } from '../../support/hostile.ts'
import { factsFor } from '../../support/texts.ts'

type Take = () => string

/** Enough of them for every kind of repair and severity. */
const RULES = RULE_IDS.filter((_, index) => index % 4 === 0)

/** Diagnoses whose every text from a database is hostile, until all values are used. */
export function hostileDiagnoses(count: number, seed: number): Diagnosis[] {
  const values = hostileValues(count, seed)
  let next = 0
  const take = (): string => values[next++ % values.length]!
  const diagnoses: Diagnosis[] = []
  while (next < values.length) diagnoses.push(...bothKinds(take))
  return diagnoses
}

/** The same two shapes with harmless texts: a run that was narrowed, and one that was not. */
export function harmlessDiagnoses(): [Diagnosis, Diagnosis] {
  let next = 0
  return bothKinds(() => `x${next++}`)
}

function bothKinds(take: Take): [Diagnosis, Diagnosis] {
  return [narrowed(take), whole(take)]
}

function narrowed(take: Take): Diagnosis {
  const scope = {
    path: take(),
    models: [take(), take()],
    token: take(),
    user: take(),
    group: take(),
  }
  return {
    ...common(
      take,
      ROUTE_STAGES.map((stage) => refusedAt(stage, take)),
    ),
    scope,
  }
}

function refusedAt(stage: Route['stage'], take: Take): Route {
  return route({
    token: { id: take(), name: take() },
    user: take(),
    group: take(),
    model: take(),
    outcome: stage === 'user' ? 'weakened' : 'refused',
    status: 503,
    rule: 'A1',
    stage,
    tiers: [
      tier({ priority: take() }, { id: take(), name: take(), type: take() }),
      tier({ priority: take() }, { id: take(), name: take(), type: take(), fault: 'C4' }),
    ],
  })
}

/** With the cache off a small table, with it on one that is too large to be drawn as such. */
function whole(take: Take): Diagnosis {
  const small = grid('cache-off', distinct(take, 4), distinct(take, 4))
  const large = grid('cache-on', distinct(take, 4), distinct(take, 20))
  return common(take, [...small, ...large])
}

function grid(mode: Route['mode'], groups: string[], models: string[]): Route[] {
  const refused = { outcome: 'refused', status: 503, rule: 'C1', stage: 'model' } as const
  return groups.flatMap((group) => models.map((model) => route({ mode, group, model, ...refused })))
}

function distinct(take: Take, count: number): string[] {
  const names = new Set<string>()
  while (names.size < count) names.add(take())
  return [...names]
}

function common(take: Take, routes: readonly Route[]): Diagnosis {
  return diagnosis({
    tool: { name: 'tidegate', version: take() },
    environment: take(),
    database: { dialect: 'sqlite', label: take() },
    gateway: {
      version: take(),
      evidence: take(),
      types: [
        { number: take(), meaning: take(), channels: 1 },
        { number: take(), meaning: null, channels: 2 },
      ],
    },
    routes,
    checks: CHECK_IDS.flatMap((id) =>
      (['ok', 'failed', 'info'] as const).map((result) =>
        check({ id, result, subject: take(), facts: factsFor(id, take), rules: ['C4'] }),
      ),
    ),
    findings: RULES.map((rule, index) => hostileFinding(rule, index, take)),
  })
}

function hostileFinding(rule: Finding['rule'], index: number, take: Take): Finding {
  const repairs: readonly Repair[] = [
    { kind: 'command', command: take() },
    { kind: 'sql', statements: [take(), take()] },
    { kind: 'advice' },
  ]
  return finding({
    rule,
    severity: SEVERITIES[index % SEVERITIES.length]!,
    modes: [CACHE_MODES[index % 2]!],
    facts: factsFor(rule, take),
    evidence: Array.from({ length: 4 }, () => hostileEvidence(take)),
    rows: 1_000,
    pairs: Array.from({ length: 8 }, () => ({ group: take(), model: take() })),
    repair: repairs[index % repairs.length]!,
    explains: ['A5'],
  })
}

function hostileEvidence(take: Take): Evidence {
  const cells = [
    { column: take(), value: take() },
    { column: take(), value: null },
  ]
  return { table: take(), row: take(), label: take(), cells }
}
