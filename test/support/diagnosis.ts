import type {
  Check,
  Diagnosis,
  Evidence,
  Finding,
  Pair,
  Route,
  RouteTier,
} from '../../src/doctor/diagnosis.ts'
import { RULES, SEVERITIES } from '../../src/doctor/rule-table.ts'
import { CACHE_MODES } from '../../src/gateway/routing.ts'
import { factsFor } from './texts.ts'

/** Diagnoses made by hand, for the renderers: what the doctor gives, without a database. */

export function route(values: Partial<Route> = {}): Route {
  return {
    mode: 'cache-off',
    token: null,
    tokens: 2,
    user: null,
    group: 'default',
    model: 'runway',
    outcome: 'served',
    status: null,
    rule: null,
    stage: null,
    tiers: [tier()],
    ...values,
  }
}

export function tier(
  values: Partial<RouteTier> = {},
  channel: Partial<RouteTier['channels'][number]> = {},
): RouteTier {
  const bltcy = { id: '8', name: 'Bltcy旧网关', type: '55', chance: 1, fault: null }
  return { priority: '5', channels: [{ ...bltcy, ...channel }], ...values }
}

export function evidence(values: Partial<Evidence> = {}): Evidence {
  return {
    table: 'channels',
    row: '8',
    label: 'Bltcy旧网关',
    cells: [
      { column: 'status', value: '1' },
      { column: 'group', value: ',default,' },
    ],
    ...values,
  }
}

/** A finding of a rule, with a fact for whatever the rule's texts ask for. */
export function finding(values: Partial<Finding> & Pick<Finding, 'rule'>): Finding {
  return {
    severity: RULES[values.rule].severity,
    modes: CACHE_MODES,
    facts: factsFor(values.rule),
    evidence: [],
    rows: values.evidence?.length ?? 0,
    pairs: [],
    repair: { kind: 'advice' },
    explains: [],
    ...values,
  }
}

export function check(values: Partial<Check> & Pick<Check, 'id'>): Check {
  return { result: 'ok', subject: null, facts: factsFor(values.id), rules: [], ...values }
}

/** The guide's questions about one channel, answered well, and about the database. */
export function checks(): Check[] {
  const about = { subject: 'Bltcy旧网关' }
  return [
    check({ id: 'channels' }),
    check({ id: 'status', ...about }),
    check({ id: 'base-url', ...about }),
    check({ id: 'key', ...about }),
    check({ id: 'models', ...about }),
    check({ id: 'connection' }),
    check({ id: 'pool' }),
    check({ id: 'reload', result: 'info' }),
  ]
}

/** Counts and the verdict follow from the findings and routes. */
export function diagnosis(values: Partial<Diagnosis> = {}): Diagnosis {
  const { findings = [], routes = healthyRoutes() } = values
  const broken = routes.filter(({ outcome }) => outcome === 'refused' || outcome === 'crash')
  const counts = Object.fromEntries(
    SEVERITIES.map((one) => [one, findings.filter(({ severity }) => severity === one).length]),
  ) as Diagnosis['verdict']['counts']
  const failing = counts.critical + counts.error > 0
  return {
    schemaVersion: 1,
    tool: { name: 'tidegate', version: '0.1.0' },
    environment: 'production',
    database: { dialect: 'postgres', label: 'gateway@db.example:5432/gateway' },
    gateway: {
      version: 'the Bltcy fork of new-api',
      evidence: 'abilities.workflow_price',
      types: [{ number: '55', meaning: 'Bltcy', channels: 1 }],
    },
    takenAt: '2026-11-22T20:00:00.000Z',
    modes: CACHE_MODES,
    scope: { path: null, models: [], token: null, user: null, group: null },
    verdict: {
      status: failing ? 'unhealthy' : 'healthy',
      counts,
      failing,
      pairs: countPairs(routes),
      unroutable: countPairs(broken),
    },
    checks: checks(),
    findings,
    routes,
    connection: null,
    pool: null,
    visibility: {
      isCached: null,
      usesRedis: false,
      channelSeconds: null,
      syncSeconds: 60,
      optionsNeedRestart: false,
    },
    ...values,
  }
}

function countPairs(pairs: readonly { group: string | null; model: string }[]): number {
  return new Set(pairs.map(({ group, model }) => JSON.stringify([group, model]))).size
}

const MODELS = ['runway', 'pika', 'kling'] as const

function healthyRoutes(): Route[] {
  return CACHE_MODES.flatMap((mode) =>
    ['default', 'vip'].flatMap((group) => MODELS.map((model) => route({ mode, group, model }))),
  )
}

export function healthyDiagnosis(): Diagnosis {
  return diagnosis()
}

/** The row of the incident's guide: padded lists, no abilities, no price for one model. */
export function incidentDiagnosis(): Diagnosis {
  const pairs: Pair[] = MODELS.map((model) => ({ group: 'default', model }))
  const withoutCache = { mode: 'cache-off', outcome: 'refused', status: 503 } as const
  const withCache = { mode: 'cache-on', outcome: 'crash', rule: 'A6', stage: 'channel' } as const
  return diagnosis({
    routes: [
      ...pairs.map((pair) =>
        route({ ...pair, ...withoutCache, rule: 'A1', stage: 'model', tiers: [] }),
      ),
      ...pairs.map((pair) => route({ ...pair, ...withCache, tiers: [] })),
      ...CACHE_MODES.flatMap((mode) => [
        route({ mode, group: 'vip', model: 'runway' }),
        route({ mode, group: 'vip', model: 'pika', ...weakened() }),
        route({ mode, group: 'vip', model: 'kling', ...unpriced() }),
      ]),
    ],
    findings: [
      finding({
        rule: 'A6',
        modes: ['cache-on'],
        evidence: [evidence()],
        pairs,
        repair: { kind: 'command', command: 'tidegate doctor --fix A6 --env production' },
        explains: ['A5'],
      }),
      finding({
        rule: 'C2',
        evidence: [evidence({ cells: [{ column: 'models', value: ',runway,pika,kling,' }] })],
        pairs,
        repair: { kind: 'command', command: 'tidegate doctor --fix C2 --env production' },
      }),
      finding({ rule: 'A1', modes: ['cache-off'], pairs }),
      finding({
        rule: 'T2',
        severity: 'warning',
        evidence: [tokenEvidence('12'), tokenEvidence('13')],
        rows: 31,
        repair: { kind: 'sql', statements: ['update tokens set status = 1 where id = 12'] },
      }),
      finding({ rule: 'P1', pairs: [{ group: 'vip', model: 'kling' }] }),
    ],
  })
}

function weakened(): Partial<Route> {
  const channels = [
    { id: '8', name: 'Bltcy旧网关', type: '55', chance: 0.5, fault: null },
    { id: '99', name: null, type: null, chance: 0.5, fault: 'A3' },
  ] as const
  return {
    outcome: 'weakened',
    rule: 'A3',
    stage: 'channel',
    tiers: [{ priority: '5', channels }, tier({ priority: '0' }, { id: '9', name: 'backup' })],
  }
}

function unpriced(): Partial<Route> {
  return { outcome: 'refused', status: 400, rule: 'P1', stage: 'price' }
}

function tokenEvidence(row: string): Evidence {
  return evidence({
    table: 'tokens',
    row,
    label: 'team-a',
    cells: [
      { column: 'status', value: '2' },
      { column: 'group', value: null },
    ],
  })
}

/** One token's request, refused because its group is none that its user may use. */
export function refusedDiagnosis(): Diagnosis {
  const refused = {
    token: { id: '12', name: 'team-a' },
    tokens: 1,
    user: 'alice',
    group: null,
    outcome: 'refused',
    status: 403,
    rule: 'G3',
    stage: 'group',
    tiers: [],
  } as const
  return diagnosis({
    scope: { path: '/runway/tasks', models: ['runway'], token: '12', user: null, group: null },
    routes: CACHE_MODES.map((mode) => route({ ...refused, mode })),
    findings: [
      finding({
        rule: 'G3',
        evidence: [tokenEvidence('12')],
        pairs: [{ group: 'vip', model: 'runway' }],
        repair: {
          kind: 'sql',
          statements: [`update tokens set "group" = 'default' where id = 12`],
        },
      }),
    ],
  })
}

/** One token's request that two tiers serve. */
export function servedDiagnosis(): Diagnosis {
  const served = { token: { id: '12', name: 'team-a' }, tokens: 1, user: 'alice' }
  return diagnosis({
    scope: { path: null, models: ['pika'], token: '12', user: null, group: null },
    routes: CACHE_MODES.map((mode) => route({ ...served, mode, model: 'pika', ...weakened() })),
    findings: [finding({ rule: 'A3', pairs: [{ group: 'default', model: 'pika' }] })],
  })
}

/** 30 groups × 40 models in both modes; every seventh pair is refused in one of them. */
export function bigDiagnosis(groups = 30, models = 40): Diagnosis {
  const pairs = Array.from({ length: groups * models }, (_, index) => ({
    group: `group-${Math.floor(index / models)}`,
    model: `model-${index % models}`,
  }))
  const refused = {
    outcome: 'refused',
    status: 503,
    rule: 'A1',
    stage: 'model',
    tiers: [],
  } as const
  return diagnosis({
    routes: CACHE_MODES.flatMap((mode) =>
      pairs.map((pair, index) =>
        route({ ...pair, mode, ...(mode === 'cache-off' && index % 7 === 0 ? refused : {}) }),
      ),
    ),
    findings: [
      finding({
        rule: 'A1',
        modes: ['cache-off'],
        pairs: pairs.filter((_, index) => index % 7 === 0),
        evidence: Array.from({ length: 20 }, (_, index) => evidence({ row: String(index) })),
        rows: 1_200,
      }),
    ],
  })
}
