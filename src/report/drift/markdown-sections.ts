import type { ListItem, PhrasingContent, RootContent } from 'mdast'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding, FindingClass } from '../../diff/finding.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import { inertCommand } from './inert.ts'
import {
  bullets,
  code,
  html,
  item,
  paragraph,
  phrasing,
  strong,
  table,
  text,
} from './markdown-tree.ts'
import { lined, joinPhrases, named, type Phrase } from '../phrase.ts'
import { sectionsOf, tableNames } from './sections.ts'
import {
  acceptancePhrase,
  cellPhrase,
  columnPhrase,
  keyPhrase,
  locationText,
  statusPhrase,
} from './show.ts'

/** How much of each finding is shown. */
export type Detail = 'full' | 'columns' | 'keys'

/** Classes × tables. */
export function countsTable(report: DriftReport, texts: DriftReportTexts): RootContent {
  const classes = Object.entries(report.verdict.counts).filter(([, count]) => count > 0)
  const names = classes.map(([name]) => name as FindingClass)
  const found = Map.groupBy(report.findings, (finding) => finding.table)
  const facts = new Map(report.tables.map((one) => [one.table, one]))
  const rows = tableNames(report).map((name) => {
    const side = facts.get(name)
    return [
      [code(named(name))],
      [text(side?.from?.toString() ?? '–')],
      [text(side?.to?.toString() ?? '–')],
      ...names.map((one) => [text(countOf(found.get(name) ?? [], one))]),
      side === undefined ? [text('–')] : phrasing(statusPhrase(side, texts)),
    ]
  })
  const { from, to } = report
  const words = texts.markdown
  const sides = [from, to].map(({ name }) => phrasing(words.rowsOf(named(name))))
  return table([
    [
      [text(words.table)],
      ...sides,
      ...names.map((name) => [text(texts.classes[name])]),
      [text(words.compared)],
    ],
    ...rows,
  ])
}

function countOf(findings: readonly Finding[], name: FindingClass): string {
  const count = findings.filter((finding) => finding.class === name).length
  return count === 0 ? '–' : String(count)
}

/** A folded list per table, then one for each class that is listed apart. */
export function findingSections(
  report: DriftReport,
  detail: Detail,
  texts: DriftReportTexts,
): RootContent[] {
  const { tables, apart } = sectionsOf(report)
  const section = (title: PhrasingContent[], findings: readonly Finding[]): RootContent[] => [
    paragraph(strong(...title)),
    html(`<details>\n<summary>${texts.findings(findings.length)}</summary>`),
    bullets(findings.map((finding) => findingItem(finding, report, detail, texts))),
    html('</details>'),
  ]
  return [
    ...[...tables].flatMap(([name, findings]) => section([code(named(name))], findings)),
    ...[...apart].flatMap(([name, findings]) =>
      section([text(texts.markdown.apart(texts.classes[name]))], findings),
    ),
  ]
}

function findingItem(
  finding: Finding,
  report: DriftReport,
  detail: Detail,
  texts: DriftReportTexts,
): ListItem {
  const { id, cells } = finding
  const key: Phrase = [named(finding.table), ' ', ...keyPhrase(finding, texts)]
  const label = texts.classes[finding.class]
  const rank = [label, texts.comma, texts.severities[finding.severity], texts.colon].join('')
  const head: Phrase = [rank, ...key, ' · ']
  const columns = joinPhrases(cells.map(columnPhrase), texts.comma)
  const shown = detail === 'columns' && columns.length > 0 ? [texts.colon, ...columns] : []
  const line = paragraph(...phrasing(head), { type: 'inlineCode', value: id }, ...phrasing(shown))
  const details = detail === 'full' ? fullItems(finding, report, texts) : []
  return details.length === 0 ? item(line) : item(line, bullets(details))
}

function fullItems(finding: Finding, report: DriftReport, texts: DriftReportTexts): ListItem[] {
  const location = locationText(finding)
  const accepted = acceptancePhrase(finding, texts)
  const phrases: Phrase[] = [
    [lined(finding.message)],
    ...finding.cells.map((cell) => cellPhrase(cell, finding, report, texts)),
    ...(accepted === null ? [] : [accepted]),
    ...(location === null ? [] : [texts.declaredIn(named(location))]),
  ]
  return [
    ...phrases.map((phrase) => item(paragraph(...phrasing(phrase)))),
    ...finding.resolutions.map(({ command, effect }) => {
      const value = inertCommand(lined(command).shown, finding.id)
      return item(paragraph({ type: 'inlineCode', value }, text(texts.colon), code(lined(effect))))
    }),
  ]
}
