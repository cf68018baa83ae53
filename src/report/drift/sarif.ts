import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding } from '../../diff/finding.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { escapeJson, escapeText, shorten } from '../escape.ts'
import { plainText } from '../phrase.ts'
import { bySeverity } from './sections.ts'
import { acceptancePhrase, cellPhrase, keyPhrase } from './show.ts'
import { verdictLine } from './verdict.ts'

/** GitHub shows no more of one run. */
const RESULTS = 5_000

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/** SARIF 2.1.0; the most severe findings when there are more than code scanning shows. */
export function renderDriftSarif(report: DriftReport, language: Language = 'en'): string {
  const texts = driftTexts(language).report
  const shown = bySeverity(report.findings).slice(0, RESULTS)
  const rules = [...new Map(shown.map((finding) => [ruleId(finding), finding])).values()].map(
    (finding) => rule(finding, texts),
  )
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]))
  const left = report.findings.length - shown.length + report.omitted
  const driver = { name: report.tool.name, version: escapeText(report.tool.version), rules }
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [invocation(report, left, texts)],
        results: shown.map((one) => result(one, report, ruleIndex.get(ruleId(one))!, texts)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
  return escapeJson(JSON.stringify(log, null, 2))
}

function ruleId(finding: Finding): string {
  return `${finding.kind}/${finding.class}`
}

function rule(
  finding: Finding,
  { kinds, classes, inParentheses }: DriftReportTexts,
): ReportingDescriptor {
  const text = [kinds[finding.kind], ...inParentheses([classes[finding.class]])].join('')
  return {
    id: ruleId(finding),
    shortDescription: { text },
    defaultConfiguration: { level: finding.severity },
  }
}

function result(
  finding: Finding,
  report: DriftReport,
  ruleIndex: number,
  texts: DriftReportTexts,
): Result {
  const cells = finding.cells.map((cell) => plainText(cellPhrase(cell, finding, report, texts)))
  const commands = finding.resolutions.map(({ command }) => escapeText(command))
  const accepted = acceptancePhrase(finding, texts)
  return {
    ruleId: ruleId(finding),
    ruleIndex,
    level: finding.severity,
    message: {
      text: withoutLinks([escapeText(finding.message), ...cells, ...commands].join('\n')),
    },
    locations: [locationOf(finding, texts)],
    partialFingerprints: { 'tidegateFinding/v1': finding.id },
    ...(accepted === null
      ? {}
      : { suppressions: [{ kind: 'external', justification: plainText(accepted) }] }),
  }
}

/** A message may hold links, `[text](target)`; ours have none. */
function withoutLinks(message: string): string {
  return message.replaceAll('](', ']\u200b(')
}

/** Code scanning needs a file; other viewers show the row. */
function locationOf(finding: Finding, texts: DriftReportTexts): Location {
  const { location, table } = finding
  const row = `${shorten(table, 200)} ${plainText(keyPhrase(finding, texts))}`
  const logicalLocations = [{ name: shorten(table, 200), fullyQualifiedName: row, kind: 'object' }]
  if (location === null) return { logicalLocations }
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(location.file) },
      region: { startLine: location.line },
    },
    logicalLocations,
  }
}

/** A colon is encoded too, so that no part of a path is taken for a scheme. */
function relativeUri(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

function invocation(report: DriftReport, left: number, texts: DriftReportTexts): Invocation {
  const notifications: Notification[] = []
  if (report.verdict.status === 'incomplete')
    notifications.push(notify('error', verdictLine(report, texts)))
  if (left > 0) notifications.push(notify('warning', texts.ci.notListedHere(left)))
  return {
    executionSuccessful: report.verdict.status !== 'incomplete',
    toolExecutionNotifications: notifications,
  }
}

function notify(level: Notification['level'], text: string): Notification {
  return { level, message: { text: withoutLinks(text) } }
}
