import { Counter, Gauge, Histogram, prometheusContentType, Registry } from 'prom-client'
import { AnswerMetrics } from './answer-metrics.ts'
import type { CheckResult } from './check.ts'
import type { CheckView } from './check-loop.ts'

/** What Prometheus reads. Gauges of an answer do not exist before there is one. */
export class Metrics {
  readonly contentType: string = prometheusContentType
  readonly #registry = new Registry()
  readonly #registers = [this.#registry]
  readonly #answer: AnswerMetrics
  readonly #age = new Gauge({
    name: 'tidegate_check_age_seconds',
    help: 'Seconds since the last check that went well, or since the start before there is one.',
    registers: this.#registers,
  })
  readonly #failed = new Gauge({
    name: 'tidegate_last_check_failed',
    help: '1 when the last check failed or is overdue, else 0.',
    registers: this.#registers,
  })
  readonly #checks = new Counter({
    name: 'tidegate_checks_total',
    help: 'Checks that ended, by outcome.',
    labelNames: ['outcome'],
    registers: this.#registers,
  })
  readonly #connection = new Histogram({
    name: 'tidegate_connection_seconds',
    help: 'Time from nothing to the first answer of the database, one connection per check.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: this.#registers,
  })
  readonly #build = new Gauge({
    name: 'tidegate_build_info',
    help: 'Always 1; the version is a label.',
    labelNames: ['version'],
    registers: this.#registers,
  })
  #hasAnswer = false

  /** `withNames`: also series whose labels hold names of groups and models. */
  constructor({ version, withNames }: { version: string; withNames: boolean }) {
    this.#answer = new AnswerMetrics(withNames)
    this.#build.set({ version }, 1)
    for (const outcome of ['ok', 'failed']) this.#checks.inc({ outcome }, 0)
  }

  /** After each check; null for one that failed. */
  record(result: CheckResult | null): void {
    this.#checks.inc({ outcome: result === null ? 'failed' : 'ok' })
    if (result === null) return
    this.#connection.observe(result.connectionSeconds)
    this.#answer.set(result)
    this.#hasAnswer = true
  }

  /** The text that a scrape gets. */
  async render({ state, ageSeconds }: CheckView): Promise<string> {
    this.#age.set(ageSeconds)
    this.#failed.set(state === 'failed' || state === 'overdue' ? 1 : 0)
    const own = await this.#registry.metrics()
    return this.#hasAnswer ? `${own}\n${await this.#answer.render()}` : own
  }
}
