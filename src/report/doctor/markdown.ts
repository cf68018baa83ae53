import type { Nodes, RootContent } from 'mdast'
import type { Diagnosis } from '../../doctor/diagnosis.ts'
import { type DoctorTexts, doctorTexts } from '../../language/catalogue.ts'
import type { Language } from '../../language/language.ts'
import { serialise, weight } from '../drift/markdown-serialise.ts'
import { bullets, item, paragraph, phrasing, strong, text } from '../drift/markdown-tree.ts'
import { named } from '../phrase.ts'
import { checkPhrase } from './finding.ts'
import { type Detail, findingSections } from './markdown-findings.ts'
import { routeSections } from './markdown-routes.ts'
import { typePhrases, verdictPhrase, wherePhrases } from './phrases.ts'
import { sentence } from './sentences.ts'
import { CHECK_SIGNS } from './signs.ts'

/** GitHub takes 65,536 in a comment; the rest is for what a caller adds. */
const MAX_BYTES = 60_000

interface Level {
  /** How much of each finding; null: none is listed. */
  readonly detail: Detail | null
  readonly hasRoutes: boolean
  readonly hasChecks: boolean
}

const WHOLE: Level = { detail: { evidence: 20, pairs: 50 }, hasRoutes: true, hasChecks: true }

const LEAST: Level = { detail: null, hasRoutes: false, hasChecks: false }

/** From everything to the least. */
const LEVELS: readonly Level[] = [
  WHOLE,
  { detail: { evidence: 3, pairs: 5 }, hasRoutes: true, hasChecks: true },
  { detail: { evidence: 0, pairs: 1 }, hasRoutes: false, hasChecks: true },
  { detail: 'titles', hasRoutes: false, hasChecks: false },
  LEAST,
]

/**
 * A comment or a page in GitHub's Markdown, as detailed as `maxBytes` of UTF-8 allow; the least
 * detailed one, of about 2,000 characters, is given in any case.
 */
export function renderDoctorMarkdown(
  diagnosis: Diagnosis,
  language: Language,
  maxBytes = MAX_BYTES,
): string {
  const texts = doctorTexts(language)
  let smallest = ''
  for (const level of LEVELS) {
    const children = document(diagnosis, texts, level)
    const tree: Nodes = { type: 'root', children }
    if (level !== LEAST && weight(tree) > maxBytes) continue
    smallest = serialise(tree)
    if (new TextEncoder().encode(smallest).length <= maxBytes) break
  }
  return smallest
}

function document(diagnosis: Diagnosis, texts: DoctorTexts, level: Level): RootContent[] {
  const { ui } = texts
  const { detail, hasRoutes, hasChecks } = level
  const types = hasChecks ? typePhrases(diagnosis, texts) : []
  const where = [...wherePhrases(diagnosis, texts), ...types]
  const madeBy = sentence(ui.where.madeBy, { version: named(diagnosis.tool.version) })
  return [
    paragraph(strong(...phrasing(verdictPhrase(diagnosis, texts)))),
    ...(level === WHOLE ? [] : [paragraph(text(ui.shortened))]),
    bullets(where.map((phrase) => item(paragraph(...phrasing(phrase))))),
    ...(hasRoutes ? routeSections(diagnosis, texts) : []),
    ...(hasChecks ? checkSection(diagnosis, texts) : []),
    ...(detail === null ? [] : findingSections(diagnosis, texts, detail)),
    { type: 'thematicBreak' },
    paragraph(...phrasing(madeBy)),
  ]
}

function checkSection({ checks }: Diagnosis, texts: DoctorTexts): RootContent[] {
  if (checks.length === 0) return []
  const items = checks.map((check) => {
    const phrase = [`${CHECK_SIGNS[check.result]} `, ...checkPhrase(check, texts)]
    return item(paragraph(...phrasing(phrase)))
  })
  return [paragraph(strong(text(texts.ui.headings.checks))), bullets(items)]
}
