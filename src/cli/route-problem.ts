import type { Finding } from '../doctor/diagnosis.ts'
import type { CacheMode } from '../gateway/routing.ts'
import { doctorTexts } from '../language/catalogue.ts'
import type { Language } from '../language/language.ts'
import { findingPhrases } from '../report/doctor/finding.ts'
import { plainText } from '../report/phrase.ts'

/** Something for which requests of a declared model are refused. */
export interface RouteProblem extends Pick<Finding, 'rule' | 'severity' | 'pairs' | 'repair'> {
  readonly title: string
  /** The finding for people, in some lines. */
  readonly text: string
}

const LIMITS = { evidence: 3, pairs: 5 }

export function describeProblem(
  finding: Finding,
  modes: readonly CacheMode[],
  language: Language,
): RouteProblem {
  const { rule, severity, pairs, repair } = finding
  const texts = doctorTexts(language)
  const { title, body, advice, commands } = findingPhrases(finding, { modes }, texts, LIMITS)
  const lines = [...body, advice].map((phrase) => `  ${plainText(phrase)}`)
  const runs = commands.map(({ shown }) => `  ${shown.shown}`)
  const text = [`${rule} ${title}`, ...lines, ...runs].join('\n')
  return { rule, severity, title, pairs, repair, text }
}
