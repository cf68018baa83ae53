import pc from 'picocolors'
import type { Check, Diagnosis, Finding } from '../../doctor/diagnosis.ts'
import type { Severity } from '../../doctor/rule-table.ts'
import { type DoctorTexts, doctorTexts } from '../../language/catalogue.ts'
import type { Language } from '../../language/language.ts'
import { layOut, type TextLine } from '../drift/text-lines.ts'
import { plainText } from '../phrase.ts'
import { checkPhrase, findingPhrases, type Runnable } from './finding.ts'
import { typePhrases, verdictLine, wherePhrases } from './phrases.ts'
import { CHECK_SIGNS } from './signs.ts'
import type { Colors, Paint } from './text-paint.ts'
import { routeBlocks } from './text-routes.ts'

export interface TextOptions {
  /** Columns of the terminal; Infinity when the output is no terminal. */
  readonly width: number
  readonly colors: boolean
}

const LIMITS = { evidence: 10, pairs: 6 } as const

/** The diagnosis for a terminal; every value in it is escaped before it is coloured. */
export function renderDoctorText(
  diagnosis: Diagnosis,
  language: Language,
  { width, colors }: TextOptions,
): string {
  const texts = doctorTexts(language)
  const paint = pc.createColors(colors)
  const { checks, findings } = diagnosis
  const { headings } = texts.ui
  const titled = (title: string, lines: TextLine[]): TextLine[] =>
    lines.length === 0 ? [] : [{ indent: 0, text: title, paint: paint.bold }, ...lines]
  const blocks = [
    headLines(diagnosis, texts, paint),
    ...routeBlocks(diagnosis, texts, { width, paint }),
    titled(
      headings.checks,
      checks.map((check) => checkLine(check, texts, paint)),
    ),
    ...findings.map((finding) => findingLines(finding, diagnosis, texts, paint)),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => layOut(lines, width))
    .join('\n\n')
}

function headLines(diagnosis: Diagnosis, texts: DoctorTexts, paint: Colors): TextLine[] {
  const { status, failing } = diagnosis.verdict
  const color = failing ? paint.red : status === 'healthy' ? paint.green : paint.yellow
  const line = (indent: number) => (text: string) => ({ indent, hang: 2, text })
  return [
    { indent: 0, text: verdictLine(diagnosis, texts), paint: (text) => paint.bold(color(text)) },
    ...wherePhrases(diagnosis, texts).map(plainText).map(line(0)),
    ...typePhrases(diagnosis, texts).map(plainText).map(line(2)),
  ]
}

function checkLine(check: Check, texts: DoctorTexts, paint: Colors): TextLine {
  const text = `${CHECK_SIGNS[check.result]} ${plainText(checkPhrase(check, texts))}`
  const color = { ok: paint.green, failed: paint.red, info: paint.dim }[check.result]
  return { indent: 2, hang: 2, text, paint: color }
}

function findingLines(
  finding: Finding,
  diagnosis: Diagnosis,
  texts: DoctorTexts,
  paint: Colors,
): TextLine[] {
  const { title, body, advice, commands, notes } = findingPhrases(finding, diagnosis, texts, LIMITS)
  const { rule, severity } = finding
  const head = `${rule} ${texts.ui.severities[severity]}${texts.ui.verdict.colon}${title}`
  const detail = (text: string): TextLine => ({ indent: 2, text })
  return [
    { indent: 0, text: head, paint: (text) => paint.bold(severityColor(severity, paint)(text)) },
    ...body.map(plainText).map(detail),
    detail(plainText(advice)),
    ...commands.flatMap((command) => commandLines(command, texts, paint)),
    ...notes.map((note) => ({ ...detail(plainText(note)), paint: paint.dim })),
  ]
}

function commandLines(
  { kind, shown, isExact }: Runnable,
  { ui }: DoctorTexts,
  paint: Colors,
): TextLine[] {
  const text = kind === 'command' ? `$ ${shown.shown}` : shown.shown
  const warning = isExact ? [] : [{ indent: 4, text: ui.notExact, paint: paint.yellow }]
  return [{ indent: 4, text, paint: paint.cyan, whole: true }, ...warning]
}

function severityColor(severity: Severity, paint: Colors): Paint {
  const { red, yellow, dim } = paint
  return { critical: red, error: red, warning: yellow, info: dim }[severity]
}
