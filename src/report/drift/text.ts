import pc from 'picocolors'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding, Severity } from '../../diff/finding.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { lined, named, plainText } from '../phrase.ts'
import { sectionsOf } from './sections.ts'
import {
  acceptancePhrase,
  basePhrase,
  cellPhrase,
  keyPhrase,
  locationText,
  sidePhrase,
} from './show.ts'
import { layOut, type TextLine } from './text-lines.ts'
import { tableLines } from './text-tables.ts'
import { verdictLine, verdictNote } from './verdict.ts'

export interface TextOptions {
  /** Columns of the terminal; Infinity when the output is no terminal. */
  readonly width: number
  readonly colors: boolean
  /** English when absent. */
  readonly language?: Language
}

type Colors = ReturnType<typeof pc.createColors>

/** The report for a terminal; every value in it is escaped before it is coloured. */
export function renderDriftText(report: DriftReport, options: TextOptions): string {
  const { width, colors, language = 'en' } = options
  const texts = driftTexts(language).report
  const paint = pc.createColors(colors)
  const blocks = [
    headLines(report, paint, texts),
    tableLines(report, width, texts),
    ...sectionBlocks(report, paint, texts),
    ...endLines(report, texts),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => layOut(lines, width))
    .join('\n\n')
}

function headLines(report: DriftReport, paint: Colors, texts: DriftReportTexts): TextLine[] {
  const { status } = report.verdict
  const color =
    status === 'clean' ? paint.green : status === 'incomplete' ? paint.red : paint.yellow
  const note = verdictNote(report, texts)
  return [
    { indent: 0, text: verdictLine(report, texts), paint: (text) => paint.bold(color(text)) },
    ...(note === null ? [] : [{ indent: 0, text: note }]),
    { indent: 0, text: texts.text.from + plainText(sidePhrase(report.from, texts)) },
    { indent: 0, text: texts.text.to + plainText(sidePhrase(report.to, texts)) },
    { indent: 0, text: texts.text.base + plainText(basePhrase(report.base, texts)) },
  ]
}

function sectionBlocks(report: DriftReport, paint: Colors, texts: DriftReportTexts): TextLine[][] {
  const { tables, apart } = sectionsOf(report)
  const block = (title: string, findings: readonly Finding[]): TextLine[] => [
    {
      indent: 0,
      text: `${title}${texts.colon}${texts.findings(findings.length)}`,
      paint: paint.bold,
    },
    ...findings.flatMap((finding) => findingLines(finding, { report, paint, texts })),
  ]
  return [
    ...[...tables].map(([table, findings]) => block(named(table).shown, findings)),
    ...[...apart].map(([name, findings]) => block(texts.text.apart(texts.classes[name]), findings)),
  ]
}

interface Place {
  readonly report: DriftReport
  readonly paint: Colors
  readonly texts: DriftReportTexts
}

function findingLines(finding: Finding, { report, paint, texts }: Place): TextLine[] {
  const detail = (text: string): TextLine => ({ indent: 4, text })
  const accepted = acceptancePhrase(finding, texts)
  const location = locationText(finding)
  return [
    {
      indent: 2,
      text: `${texts.classes[finding.class]} ${named(finding.table).shown} ${plainText(keyPhrase(finding, texts))} ${finding.id}`,
      paint: severityColor(finding.severity, paint),
    },
    detail(lined(finding.message).shown),
    ...finding.cells.map((cell) => detail(plainText(cellPhrase(cell, finding, report, texts)))),
    ...(accepted === null ? [] : [detail(plainText(accepted))]),
    ...(location === null ? [] : [detail(plainText(texts.declaredIn(named(location))))]),
    ...resolutionLines(finding, paint),
  ]
}

function resolutionLines({ resolutions }: Finding, paint: Colors): TextLine[] {
  return resolutions.flatMap(({ command, effect }) => [
    { indent: 4, text: `$ ${lined(command).shown}`, paint: paint.cyan, whole: true },
    { indent: 6, text: lined(effect).shown },
  ])
}

function severityColor(severity: Severity, paint: Colors): (text: string) => string {
  return { error: paint.red, warning: paint.yellow, note: paint.dim }[severity]
}

function endLines({ notCompared, omitted }: DriftReport, texts: DriftReportTexts): TextLine[][] {
  const names = notCompared.map((name) => named(name).shown).join(texts.comma)
  return [
    omitted === 0 ? [] : [{ indent: 0, text: texts.text.notListed(omitted) }],
    names === '' ? [] : [{ indent: 0, text: texts.text.notCompared + names }],
  ]
}
