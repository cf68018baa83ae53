import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding } from '../../diff/finding.ts'
import { escapeJson, escapeText, shorten } from '../escape.ts'
import { plainText } from './phrase.ts'
import { bySeverity } from './sections.ts'
import { acceptancePhrase, cellPhrase, keyPhrase } from './show.ts'
import { verdictLine } from './verdict.ts'

/** GitHub shows no more of one run. */
const RESULTS = 5_000

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/** SARIF 2.1.0; the most severe findings when there are more than code scanning shows. */
export function renderDriftSarif(report: DriftReport): string {
  const shown = bySeverity(report.findings).slice(0, RESULTS)
  const rules = [...new Map(shown.map((finding) => [ruleId(finding), finding])).values()].map(rule)
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]))
  const driver = { name: report.tool.name, version: escapeText(report.tool.version), rules }
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [invocation(report, report.findings.length - shown.length + report.omitted)],
        results: shown.map((one) => result(one, report, ruleIndex.get(ruleId(one))!)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
  return escapeJson(JSON.stringify(log, null, 2))
}

function ruleId(finding: Finding): string {
  return `${finding.kind}/${finding.class}`
}

function rule(finding: Finding): ReportingDescriptor {
  return {
    id: ruleId(finding),
    shortDescription: { text: `${finding.kind} (${finding.class})` },
    defaultConfiguration: { level: finding.severity },
  }
}

function result(finding: Finding, report: DriftReport, ruleIndex: number): Result {
  const cells = finding.cells.map((cell) => plainText(cellPhrase(cell, finding, report)))
  const commands = finding.resolutions.map(({ command }) => escapeText(command))
  const accepted = acceptancePhrase(finding)
  return {
    ruleId: ruleId(finding),
    ruleIndex,
    level: finding.severity,
    message: {
      text: withoutLinks([escapeText(finding.message), ...cells, ...commands].join('\n')),
    },
    locations: [locationOf(finding)],
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
function locationOf(finding: Finding): Location {
  const { location, table } = finding
  const row = `${shorten(table, 200)} ${plainText(keyPhrase(finding))}`
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

function invocation(report: DriftReport, left: number): Invocation {
  const notifications: Notification[] = []
  if (report.verdict.status === 'incomplete')
    notifications.push(notify('error', verdictLine(report)))
  if (left > 0) notifications.push(notify('warning', `${left} findings are not listed here`))
  return {
    executionSuccessful: report.verdict.status !== 'incomplete',
    toolExecutionNotifications: notifications,
  }
}

function notify(level: Notification['level'], text: string): Notification {
  return { level, message: { text: withoutLinks(text) } }
}
