import type { ListItem, PhrasingContent, RootContent } from 'mdast'
import type { Diagnosis, Finding } from '../../doctor/diagnosis.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import { inert } from '../drift/inert.ts'
import { bullets, code, item, paragraph, phrasing, strong, text } from '../drift/markdown-tree.ts'
import { type FindingLimits, findingPhrases, type Runnable } from './finding.ts'

/** How much of each finding is shown. */
export type Detail = FindingLimits | 'titles'

export function findingSections(
  diagnosis: Diagnosis,
  texts: DoctorTexts,
  detail: Detail,
): RootContent[] {
  const { findings } = diagnosis
  if (findings.length === 0) return []
  const items = findings.map((finding) => findingItem(finding, diagnosis, texts, detail))
  return [paragraph(strong(text(texts.ui.headings.findings))), bullets(items)]
}

function findingItem(
  finding: Finding,
  diagnosis: Diagnosis,
  texts: DoctorTexts,
  detail: Detail,
): ListItem {
  const { rule, severity } = finding
  const limits = detail === 'titles' ? { evidence: 0, pairs: 0 } : detail
  const { title, body, advice, commands, notes } = findingPhrases(finding, diagnosis, texts, limits)
  const label = `${rule} ${texts.ui.severities[severity]}${texts.ui.verdict.colon}${title}`
  const head = paragraph(strong(text(label)))
  if (detail === 'titles') return item(head)
  const before = [...body, advice].map((phrase) => item(paragraph(...phrasing(phrase))))
  const after = notes.map((phrase) => item(paragraph(...phrasing(phrase))))
  const runs = commands.map((command) => item(paragraph(...runnable(command, texts))))
  return item(head, bullets([...before, ...runs, ...after]))
}

function runnable({ shown, isExact }: Runnable, { ui }: DoctorTexts): PhrasingContent[] {
  return isExact && inert(shown.shown) === shown.shown
    ? [code(shown)]
    : [code(shown), text(` ${ui.notExact}`)]
}
