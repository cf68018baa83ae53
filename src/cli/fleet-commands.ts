import type { DriftReport } from '../diff/drift-report.ts'
import type { Diagnosis } from '../doctor/diagnosis.ts'
import { doctorTexts } from '../language/catalogue.ts'
import { driftTexts } from '../language/drift.ts'
import type { Language } from '../language/language.ts'
import { verdictLine as diagnosisLine } from '../report/doctor/phrases.ts'
import { verdictLine as driftLine } from '../report/drift/verdict.ts'
import type { FleetResult } from '../report/fleet.ts'
import type { RowFacts } from '../report/model.ts'
import { plainText } from '../report/phrase.ts'
import type { PlanFacts } from '../report/plan-model.ts'
import { planVerdict, writtenVerdict } from '../report/plan-phrases.ts'
import { countOutcomes } from '../report/seeds.ts'
import type { FleetCommand } from './command.ts'

/** How a command runs in a fleet, and how what it reports is told in one line. */
export interface FleetRule {
  /** The flag that says the environment of one run. */
  readonly names: 'env' | 'to'
  /** Flags that are meant for one environment, with the value they have when nobody says them. */
  readonly refused: Readonly<Record<string, unknown>>
  /** Flags without which it does not run. */
  readonly needed: readonly string[]
  /** Whether exit code 2 stops the fleet. */
  readonly stopsAtFound: boolean
  /** Of a run that ended well, and of one that found something where that is no failure. */
  result(report: object, found: boolean): FleetResult
  /** One sentence about the report. */
  tell(report: object, language: Language): string
}

export const FLEET_RULES: Readonly<Record<FleetCommand, FleetRule>> = {
  deploy: {
    names: 'env',
    refused: { adopt: undefined, reload: false },
    needed: [],
    stopsAtFound: true,
    result: changed,
    tell: tellDeploy,
  },
  drift: {
    names: 'to',
    refused: { to: 'production', output: undefined, format: undefined, github: false },
    needed: [],
    stopsAtFound: false,
    result: (report) =>
      (report as DriftReport).verdict.status === 'clean' ? 'clean' : 'different',
    tell: (report, language) => driftLine(report as DriftReport, driftTexts(language).report),
  },
  doctor: {
    names: 'env',
    refused: {
      output: undefined,
      format: undefined,
      probe: undefined,
      logs: undefined,
      reload: false,
    },
    needed: [],
    stopsAtFound: false,
    result: (report, found) =>
      found || (report as Diagnosis).verdict.status !== 'healthy' ? 'findings' : 'healthy',
    tell: (report, language) => diagnosisLine(report as Diagnosis, doctorTexts(language)),
  },
  push: {
    names: 'to',
    refused: { to: 'production', pick: false, reload: false },
    needed: ['yes'],
    stopsAtFound: true,
    result: changed,
    tell: tellPush,
  },
}

/** Of what says so itself; `push` may also have nothing to write. */
function changed(report: object): FleetResult {
  return (report as { readonly status?: unknown }).status === 'changed' ? 'changed' : 'unchanged'
}

interface DeployFacts {
  readonly migrations: { readonly applied: readonly string[] }
  readonly seeds: readonly { readonly rows: readonly RowFacts[] }[]
  readonly doctor: readonly { readonly rule: string; readonly title: string }[] | null
}

function tellDeploy(report: object): string {
  const { migrations, seeds, doctor } = report as DeployFacts
  const problems = (doctor ?? []).map(({ rule, title }) => `${rule} ${title}`)
  const { length } = migrations.applied
  const schema = length === 0 ? 'nothing pending' : `${length} applied`
  const rows = countOutcomes(seeds.flatMap((seed) => seed.rows))
  return [...problems, `migrations: ${schema}`, `seeds: ${rows}`].join('; ')
}

interface PushFacts extends Pick<PlanFacts, 'counts' | 'to'> {
  readonly status: string
  /** Of a plan whose rows have moved; it has no counts. */
  readonly message?: string
}

function tellPush(report: object): string {
  const facts = report as PushFacts
  if (facts.message !== undefined) return facts.message
  return plainText(facts.status === 'changed' ? writtenVerdict(facts) : planVerdict(facts))
}
