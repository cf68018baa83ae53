import { Gauge, Registry } from 'prom-client'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { MIGRATION_STATES } from '../migrate/plan.ts'
import { shorten } from '../report/escape.ts'
import type { CheckResult } from './check.ts'

/** Series with names in their labels are no more than this; `tidegate_unroutable_pairs` counts all. */
const MAX_NAMED_PAIRS = 100

const MAX_LABEL_LENGTH = 100

/** Tables that seeds write; a label must not take whatever a file or a database says. */
const SEED_TABLES: ReadonlySet<string> = new Set(['channels', 'abilities', 'options'])

/** What the last good check found, as gauges. */
export class AnswerMetrics {
  readonly #registry = new Registry()
  readonly #bltcy = this.#gauge('bltcy_channels', 'Enabled Bltcy channels.')
  readonly #channels = this.#gauge('channels_enabled', 'Enabled channels by type.', 'type')
  readonly #pairs = this.#gauge('pairs', 'Group and model pairs that were routed.')
  readonly #unroutable = this.#gauge('unroutable_pairs', 'Pairs that cannot be served.')
  readonly #findings = this.#gauge('findings', "The doctor's findings.", 'rule', 'severity')
  readonly #drift = this.#gauge('drift_findings', 'Differences from the seeds.', 'class', 'table')
  readonly #incomplete = this.#gauge(
    'drift_incomplete',
    '1 when something could not be compared with the seeds, else 0.',
  )
  readonly #migrations = this.#gauge('migrations', 'Migrations by state.', 'state')
  readonly #seeds = this.#gauge('seeds_pending', 'Seeds that are not applied as declared.')
  readonly #named: Gauge | null

  constructor(withNames: boolean) {
    this.#named = withNames
      ? this.#gauge(
          'unroutable_pair',
          `1 for a pair that cannot be served, for the first ${MAX_NAMED_PAIRS} of them.`,
          'group',
          'model',
        )
      : null
  }

  set(result: CheckResult): void {
    const { diagnosis, enabledChannels, drift, migrations } = result
    // Of the last answer nothing may stay that this one does not say.
    this.#registry.resetMetrics()
    this.#bltcy.set(result.bltcyChannels)
    for (const [type, count] of enabledChannels) this.#channels.set({ type }, count)
    this.#pairs.set(diagnosis.verdict.pairs)
    this.#unroutable.set(diagnosis.verdict.unroutable)
    for (const { rule, severity } of diagnosis.findings) this.#findings.inc({ rule, severity })
    this.#setDrift(drift)
    for (const state of MIGRATION_STATES)
      this.#migrations.set({ state }, migrations.get(state) ?? 0)
    this.#seeds.set(result.pendingSeeds)
    for (const labels of this.#named === null ? [] : namedPairs(result)) this.#named?.set(labels, 1)
  }

  render(): Promise<string> {
    return this.#registry.metrics()
  }

  #setDrift({ findings, isComplete }: CheckResult['drift']): void {
    for (const { class: kind, table } of findings) {
      this.#drift.inc({ class: kind, table: SEED_TABLES.has(table) ? table : 'other' })
    }
    this.#incomplete.set(isComplete ? 0 : 1)
  }

  #gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    const registers = [this.#registry]
    return new Gauge({ name: `tidegate_${name}`, help, labelNames, registers })
  }
}

function namedPairs({ diagnosis }: CheckResult): { group: string; model: string }[] {
  const pairs = new Map<string, { group: string; model: string }>()
  for (const { outcome, group, model } of diagnosis.routes) {
    if (pairs.size === MAX_NAMED_PAIRS) break
    if (outcome !== 'refused' && outcome !== 'crash') continue
    const labels = { group: label(group ?? ''), model: label(model) }
    pairs.set(JSON.stringify(labels), labels)
  }
  return [...pairs.values()]
}

function label(name: string): string {
  return shorten(hideSecrets(name), MAX_LABEL_LENGTH)
}
