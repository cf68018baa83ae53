import type { Diagnosis, Route } from '../../src/doctor/diagnosis.ts'
import type { CheckResult } from '../../src/serve/check.ts'

const DIAGNOSIS: Diagnosis = {
  schemaVersion: 1,
  tool: { name: 'tidegate', version: '0.0.0' },
  environment: 'production',
  database: { dialect: 'postgres', label: 'gateway@db.example:5432/gateway' },
  gateway: null,
  takenAt: '2026-11-23T00:00:00.000Z',
  modes: ['cache-off'],
  scope: { path: null, models: [], token: null, user: null, group: null },
  verdict: {
    status: 'unhealthy',
    counts: { critical: 0, error: 1, warning: 2, info: 0 },
    failing: true,
    pairs: 3,
    unroutable: 2,
  },
  checks: [],
  findings: [
    {
      rule: 'A1',
      severity: 'error',
      modes: ['cache-off'],
      facts: {},
      evidence: [],
      rows: 2,
      pairs: [],
      repair: { kind: 'advice' },
      explains: [],
    },
  ],
  routes: [],
  connection: null,
  pool: null,
  visibility: {
    isCached: false,
    usesRedis: false,
    channelSeconds: 0,
    syncSeconds: 60,
    optionsNeedRestart: false,
  },
}

/** A request that is refused because no channel serves it. */
export function refused(group: string | null, model: string): Route {
  return {
    mode: 'cache-off',
    token: null,
    tokens: 1,
    user: null,
    group,
    model,
    outcome: 'refused',
    status: 503,
    rule: 'A1',
    stage: 'channel',
    tiers: [],
  }
}

/** What a check finds, with these changes. */
export function resultOf(
  changes: Partial<CheckResult> = {},
  routes: readonly Route[] = [refused('default', 'runway'), refused('vip', 'pika')],
): CheckResult {
  return {
    diagnosis: { ...DIAGNOSIS, routes },
    enabledChannels: new Map([
      ['Bltcy', 1],
      ['OpenAI', 4],
    ]),
    bltcyChannels: 1,
    drift: {
      findings: [
        { class: 'drift', table: 'channels' },
        { class: 'drift', table: 'channels' },
        { class: 'pending', table: 'options' },
      ],
      isComplete: true,
    },
    migrations: new Map([
      ['applied', 3],
      ['pending', 1],
    ]),
    pendingSeeds: 1,
    connectionSeconds: 0.02,
    page: async () => '<!doctype html><title>the report of runway</title>',
    ...changes,
  }
}
