import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import { githubAnnotations } from '../../../src/report/drift/github.ts'
import { renderDriftJson } from '../../../src/report/drift/json.ts'
import { renderDriftJsonl } from '../../../src/report/drift/jsonl.ts'
import { renderDriftJunit } from '../../../src/report/drift/junit.ts'
import { renderDriftSarif } from '../../../src/report/drift/sarif.ts'
import { renderDriftText } from '../../../src/report/drift/text.ts'
import { parseXml } from '../../support/xml.ts'
import { renderWays } from '../../../src/report/drift/text-tables.ts'
import { activeIn } from '../../cli/runs.ts'
import { parseCommand } from './annotations.ts'
import { hostileReports } from './hostile-reports.ts'

const REPORTS = hostileReports(20_000, 7)

function assertInert(text: string): void {
  assert.deepEqual(activeIn(text), [])
  assert.ok(!text.includes('##['), 'a runner reads ##[ anywhere')
}

function each(check: (report: DriftReport) => void): () => void {
  return () => REPORTS.forEach(check)
}

describe('reports of hostile data', () => {
  it(
    'on a terminal nothing is active but our own colours',
    each((report) => {
      const colored = renderDriftText(report, { width: 60, colors: true })
      // oxlint-disable-next-line no-control-regex
      assertInert(colored.replaceAll(/\u001b\[(?:1|2|22|31|33|36|39)m/g, ''))
      const wide = { width: Number.POSITIVE_INFINITY, colors: false }
      assertInert(renderDriftText(report, wide))
      assertInert(renderWays(report, wide))
    }),
  )

  it(
    'JSON is the same report',
    each((report) => {
      const json = renderDriftJson(report)
      assertInert(json)
      assert.deepEqual(JSON.parse(json), report)
    }),
  )

  it(
    'JSON lines are the same report',
    each((report) => {
      const text = renderDriftJsonl(report)
      assertInert(text)
      const lines = text.split('\n').map((line) => JSON.parse(line) as { type: string })
      const expected = report.findings.map((finding) => ({ type: 'finding', ...finding }))
      assert.deepEqual(lines.slice(1, -1), expected)
      assert.equal(lines.at(-1)!.type, 'verdict')
    }),
  )

  it(
    'SARIF has a rule, a message and a place for every result, and no link',
    each((report) => {
      const json = renderDriftSarif(report)
      assertInert(json)
      const [run] = (JSON.parse(json) as { runs: SarifRun[] }).runs
      assert.equal(run!.results.length, report.findings.length)
      for (const { ruleId, ruleIndex, message, locations } of run!.results) {
        assert.equal(run!.tool.driver.rules[ruleIndex]!.id, ruleId)
        assert.doesNotMatch(message.text, /\]\(/)
        const { physicalLocation, logicalLocations } = locations[0]!
        assert.ok(logicalLocations.length === 1)
        const uri = physicalLocation?.artifactLocation.uri ?? ''
        assert.match(uri, /^(?:[\w\-./!~*'()]|%[0-9A-F]{2})*$/)
      }
    }),
  )

  it(
    'JUnit is well-formed and has a case for every finding',
    each((report) => {
      const xml = renderDriftJunit(report)
      assertInert(xml)
      const names = parseXml(xml).map(({ name }) => name)
      const count = (name: string) => names.filter((one) => one === name).length
      assert.equal(count('testcase'), report.findings.length + report.tables.length)
      assert.equal(count('testsuite'), report.tables.length)
      assert.equal(count('error'), report.tables.length)
      const known = [
        'testsuites',
        'testsuite',
        'testcase',
        'failure',
        'error',
        'skipped',
        'system-out',
      ]
      assert.deepEqual([...new Set(names)].toSorted(), known.toSorted())
    }),
  )

  it(
    'annotations are the commands that we wrote, as a runner reads them',
    each((report) => {
      const annotations = githubAnnotations(report)
      assertInert(annotations.map((line) => line.slice(2)).join('\n'))
      const commands = annotations.map(parseCommand)
      const count = (name: string) => commands.filter((one) => one?.name === name).length
      assert.deepEqual([count('error'), count('warning'), count('notice')], [10, 10, 1])
      for (const { properties } of commands.map((one) => one!)) {
        const unknown = Object.keys(properties).filter(
          (key) => !['file', 'line', 'title'].includes(key),
        )
        assert.deepEqual(unknown, [])
        if (properties['line'] !== undefined) assert.match(properties['line'], /^\d+$/)
      }
    }),
  )
})

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
  readonly results: readonly {
    readonly ruleId: string
    readonly ruleIndex: number
    readonly message: { readonly text: string }
    readonly locations: readonly {
      readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string } }
      readonly logicalLocations: readonly unknown[]
    }[]
  }[]
}
