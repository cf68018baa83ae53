import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import type { Finding } from '../doctor/diagnosis.ts'
import { examineDeclared } from '../doctor/examine-declared.ts'
import { doctorTexts } from '../language/catalogue.ts'
import { findingPhrases } from '../report/doctor/finding.ts'
import { plainText } from '../report/phrase.ts'
import type { SeedApplyResult } from '../seed/apply.ts'
import { cacheModes } from './cache-modes.ts'
import type { Context } from './context.ts'

/** Something for which requests of a declared model are refused. */
export interface RouteProblem extends Pick<Finding, 'rule' | 'severity' | 'pairs' | 'repair'> {
  readonly title: string
  /** The finding for people, in some lines. */
  readonly text: string
}

const LIMITS = { evidence: 3, pairs: 5 }

/** The doctor's errors about what was just deployed; warnings are left to `doctor` itself. */
export async function routeProblems(
  context: Context,
  settings: Settings,
  seeded: Pick<SeedApplyResult, 'plans' | 'catalog' | 'version'> & { readonly database: Database },
): Promise<RouteProblem[]> {
  const { environment, variables } = settings
  const modes = cacheModes(context, settings)
  const findings = await examineDeclared({ ...seeded, environment, variables, modes })
  const texts = doctorTexts(context.language)
  return findings.filter(isError).map((finding) => {
    const { rule, severity, pairs, repair } = finding
    const { title, body, advice, commands } = findingPhrases(finding, { modes }, texts, LIMITS)
    const lines = [...body, advice].map((phrase) => `  ${plainText(phrase)}`)
    const runs = commands.map(({ shown }) => `  ${shown.shown}`)
    const text = [`${rule} ${title}`, ...lines, ...runs].join('\n')
    return { rule, severity, title, pairs, repair, text }
  })
}

function isError({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'critical'
}
