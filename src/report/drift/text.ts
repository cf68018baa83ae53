import pc from 'picocolors'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding, Severity } from '../../diff/finding.ts'
import { counted, lined, named, plainText } from './phrase.ts'
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
}

type Colors = ReturnType<typeof pc.createColors>

/** The report for a terminal; every value in it is escaped before it is coloured. */
export function renderDriftText(report: DriftReport, { width, colors }: TextOptions): string {
  const paint = pc.createColors(colors)
  const blocks = [
    headLines(report, paint),
    tableLines(report, width),
    ...sectionBlocks(report, paint),
    ...endLines(report),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => layOut(lines, width))
    .join('\n\n')
}

function headLines(report: DriftReport, paint: Colors): TextLine[] {
  const { status } = report.verdict
  const color =
    status === 'clean' ? paint.green : status === 'incomplete' ? paint.red : paint.yellow
  const note = verdictNote(report)
  return [
    { indent: 0, text: verdictLine(report), paint: (text) => paint.bold(color(text)) },
    ...(note === null ? [] : [{ indent: 0, text: note }]),
    { indent: 0, text: `from ${plainText(sidePhrase(report.from))}` },
    { indent: 0, text: `to ${plainText(sidePhrase(report.to))}` },
    { indent: 0, text: `base: ${plainText(basePhrase(report.base))}` },
  ]
}

function sectionBlocks(report: DriftReport, paint: Colors): TextLine[][] {
  const { tables, apart } = sectionsOf(report)
  const block = (title: string, findings: readonly Finding[]): TextLine[] => [
    { indent: 0, text: `${title}: ${counted(findings.length, 'finding')}`, paint: paint.bold },
    ...findings.flatMap((finding) => findingLines(finding, report, paint)),
  ]
  return [
    ...[...tables].map(([table, findings]) => block(named(table).shown, findings)),
    ...[...apart].map(([name, findings]) => block(`apart, ${name}`, findings)),
  ]
}

function findingLines(finding: Finding, report: DriftReport, paint: Colors): TextLine[] {
  const detail = (text: string): TextLine => ({ indent: 4, text })
  const accepted = acceptancePhrase(finding)
  const location = locationText(finding)
  return [
    {
      indent: 2,
      text: `${finding.class} ${named(finding.table).shown} ${plainText(keyPhrase(finding))} ${finding.id}`,
      paint: severityColor(finding.severity, paint),
    },
    detail(lined(finding.message).shown),
    ...finding.cells.map((cell) => detail(plainText(cellPhrase(cell, finding, report)))),
    ...(accepted === null ? [] : [detail(plainText(accepted))]),
    ...(location === null ? [] : [detail(`declared in ${named(location).shown}`)]),
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

function endLines({ notCompared, omitted }: DriftReport): TextLine[][] {
  const names = notCompared.map((name) => named(name).shown).join(', ')
  return [
    omitted === 0 ? [] : [{ indent: 0, text: `${counted(omitted, 'finding')} more, not listed` }],
    names === '' ? [] : [{ indent: 0, text: `not compared: ${names}` }],
  ]
}
