import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding } from '../../diff/finding.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { escapeLineStart, escapeText } from '../escape.ts'
import { lined, named, plainText } from '../phrase.ts'
import { bySeverity } from './sections.ts'
import { keyPhrase } from './show.ts'
import { verdictLine } from './verdict.ts'

/** GitHub shows ten of each kind per step, and 50 per job, which two kinds and a notice never reach. */
const PER_KIND = 10

/**
 * Workflow commands, one per element, most severe first: errors and warnings about findings, an
 * error when the comparison is incomplete, and a notice about what did not fit.
 */
export function githubAnnotations(report: DriftReport, language: Language = 'en'): string[] {
  const texts = driftTexts(language).report
  const annotate = (finding: Finding): string => annotation(finding, texts)
  const isIncomplete = report.verdict.status === 'incomplete'
  const shown = bySeverity(report.findings).filter(isAnnotated)
  const errors = shown.filter(({ severity }) => severity === 'error').map(annotate)
  const warnings = shown.filter(({ severity }) => severity === 'warning').map(annotate)
  if (isIncomplete) errors.unshift(command('error', {}, verdictLine(report, texts)))
  const lines = [...errors.slice(0, PER_KIND), ...warnings.slice(0, PER_KIND)]
  const rest = errors.length + warnings.length - lines.length + report.omitted
  if (rest === 0) return lines
  return [...lines, command('notice', {}, texts.ci.notAnnotated(rest))]
}

function isAnnotated(finding: Finding): boolean {
  return finding.class !== 'accepted' && finding.class !== 'environment'
}

function annotation(finding: Finding, texts: DriftReportTexts): string {
  const { location, message, table, severity } = finding
  const label = texts.classes[finding.class] + texts.colon
  const title = `${label}${named(table).shown} ${plainText(keyPhrase(finding, texts))}`
  const place =
    location === null ? {} : { file: escapeText(location.file), line: String(location.line) }
  return command(severity === 'error' ? 'error' : 'warning', { ...place, title }, message)
}

/** The message is data; the properties are escaped already. */
function command(name: string, properties: Record<string, string>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`)
  const head = list.length === 0 ? name : `${name} ${list.join(',')}`
  return `::${head}::${escapeData(lined(message).shown)}`
}

function escapeData(text: string): string {
  return escapeLineStart(text)
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
