import xmlbuilder from 'xmlbuilder'
import type { DriftReport, TableFacts } from '../../diff/drift-report.ts'
import { type FailLevel, type Finding, SEVERITIES } from '../../diff/finding.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { escapeLineStart, escapeText } from '../escape.ts'
import { named, plainText } from '../phrase.ts'
import { tableNames } from './sections.ts'
import { acceptancePhrase, cellPhrase, keyPhrase } from './show.ts'
import { verdictLine } from './verdict.ts'

const ENGLISH = driftTexts('en').report

interface TestCase {
  readonly name: string
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  /** One line. */
  readonly message: string
  readonly detail: string
}

interface Suite {
  readonly name: string
  readonly cases: readonly TestCase[]
}

/**
 * JUnit's XML: a suite per table, a case per finding; one that passes for a clean table. Names are
 * English in every language, since a history goes by them.
 */
export function renderDriftJunit(report: DriftReport, language: Language = 'en'): string {
  const texts = driftTexts(language).report
  const suites = suitesOf(report, texts)
  const cases = suites.flatMap((suite) => suite.cases)
  const root = xmlbuilder.create('testsuites', { encoding: 'UTF-8' })
  attributes(root, { name: `tidegate: ${verdictLine(report, texts)}`, ...countsOf(cases) })
  for (const { name, cases } of suites) {
    const suite = root.ele('testsuite')
    attributes(suite, { name, ...countsOf(cases) })
    for (const one of cases) addCase(suite, name, one)
  }
  return root.end({ pretty: true })
}

function suitesOf(report: DriftReport, texts: DriftReportTexts): Suite[] {
  const found = Map.groupBy(report.findings, ({ table }) => table)
  const facts = new Map(report.tables.map((table) => [table.table, table]))
  const tables = tableNames(report).map((name) => ({
    name: named(name).shown,
    cases: tableCases(report, found.get(name) ?? [], facts.get(name), texts),
  }))
  const isTold = report.tables.some(({ status }) => status === 'incomplete')
  if (report.verdict.status !== 'incomplete' || isTold) return tables
  return [
    { name: 'comparison', cases: [outcomeCase('error', verdictLine(report, texts))] },
    ...tables,
  ]
}

function tableCases(
  report: DriftReport,
  findings: readonly Finding[],
  facts: TableFacts | undefined,
  texts: DriftReportTexts,
): TestCase[] {
  const cases = findings.map((finding) => findingCase(finding, report, texts))
  const reason = facts?.reason ?? ''
  if (facts?.status === 'incomplete')
    return [outcomeCase('error', texts.ci.incomplete(reason)), ...cases]
  if (cases.length > 0) return cases
  return [facts?.status === 'absent' ? outcomeCase('skipped', reason) : outcomeCase('passed', '')]
}

function outcomeCase(outcome: TestCase['outcome'], message: string): TestCase {
  return { name: 'is compared', outcome, message: escapeText(message), detail: '' }
}

function findingCase(finding: Finding, report: DriftReport, texts: DriftReportTexts): TestCase {
  const accepted = acceptancePhrase(finding, texts)
  return {
    name: `${finding.class} ${plainText(keyPhrase(finding, ENGLISH))} ${finding.id}`,
    outcome: outcomeOf(finding, report.verdict.failOn),
    message: accepted === null ? escapeText(finding.message) : plainText(accepted),
    detail: [
      escapeText(finding.message),
      ...finding.cells.map((cell) => plainText(cellPhrase(cell, finding, report, texts))),
      ...finding.resolutions.map(({ command }) => escapeText(command)),
    ].join('\n'),
  }
}

function outcomeOf(finding: Finding, failOn: FailLevel): TestCase['outcome'] {
  if (finding.class === 'accepted') return 'skipped'
  if (failOn === 'never') return 'passed'
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(failOn) ? 'failure' : 'passed'
}

function addCase(suite: xmlbuilder.XMLElement, table: string, one: TestCase): void {
  const element = suite.ele('testcase')
  attributes(element, { classname: table, name: one.name })
  if (one.outcome !== 'passed') {
    attributes(element.ele(one.outcome), { message: one.message })
  }
  if (one.detail !== '') element.ele('system-out').txt(legal(one.detail))
}

function countsOf(cases: readonly TestCase[]): Record<string, string> {
  const count = (outcome: TestCase['outcome']): string =>
    String(cases.filter((one) => one.outcome === outcome).length)
  return {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  }
}

function attributes(
  element: xmlbuilder.XMLElement,
  values: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(values)) element.att(name, legal(escapeText(value)))
}

/** XML has no U+FFFE and U+FFFF at all, and no line of a log may start a runner's command. */
function legal(text: string): string {
  const lines = text.split('\n').map(escapeLineStart).join('\n')
  return lines.replaceAll(/[\ufffe\uffff]/g, (character) =>
    character === '\ufffe' ? '\\u{fffe}' : '\\u{ffff}',
  )
}
