import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Log } from 'sarif'
import type { DriftReport } from '../../../src/diff/drift-report.ts'
import type { FailLevel } from '../../../src/diff/finding.ts'
import { githubAnnotations } from '../../../src/report/drift/github.ts'
import { renderDriftJunit } from '../../../src/report/drift/junit.ts'
import { renderDriftSarif } from '../../../src/report/drift/sarif.ts'
import { driftReport, finding, table } from '../../support/drift-report.ts'
import { parseXml } from '../../support/xml.ts'
import { parseCommand } from './annotations.ts'

const ACCEPTED = { reason: 'why', owner: 'ops', expires: '2027-01-31' }

function incomplete(report: DriftReport): DriftReport {
  return { ...report, verdict: { ...report.verdict, status: 'incomplete' } }
}

const FAILED = table('abilities', { status: 'incomplete', reason: 'connection lost' })

describe('annotations', () => {
  const commands = (report: DriftReport) =>
    githubAnnotations(report).map((line) => parseCommand(line)!)

  it('name the seed and its line', () => {
    assert.deepEqual(commands(driftReport([finding({ message: '100%:\nx,y' })])), [
      {
        name: 'error',
        properties: {
          file: 'seeds/bltcy-channel.ts',
          line: '27',
          title: 'drift: channels "Bltcy旧网关" "55"',
        },
        message: '100%:\\u{a}x,y',
      },
    ])
  })

  it('keep properties apart whatever a path holds', () => {
    const location = { file: 'a,line=9::b%2C\r\n.ts', line: 1 }
    const [one] = commands(driftReport([finding({ location })]))
    assert.deepEqual(
      [one!.properties['file'], one!.properties['line']],
      ['a,line=9::b%2C\\u{d}\\u{a}.ts', '1'],
    )
  })

  it('are most severe first, and leave out notes and what is expected', () => {
    const report = driftReport([
      finding({ severity: 'note' }),
      finding({ severity: 'warning' }),
      finding({ class: 'accepted' }),
      finding({ class: 'environment' }),
      finding({ severity: 'error', location: null }),
    ])
    const found = commands(report)
    assert.deepEqual(
      found.map(({ name }) => name),
      ['error', 'warning'],
    )
    assert.deepEqual(Object.keys(found[0]!.properties), ['title'])
  })

  it('are ten of a kind, and a notice says how many there are', () => {
    const of = (severity: 'error' | 'warning', count: number) =>
      Array.from({ length: count }, () => finding({ severity }))
    const names = (report: DriftReport) =>
      commands(report)
        .map(({ name }) => name)
        .join(' ')
    const ten = (name: string) => Array.from({ length: 10 }, () => name).join(' ')
    const full = driftReport([...of('warning', 10), ...of('error', 10)])
    assert.equal(names(full), `${ten('error')} ${ten('warning')}`)
    const more = driftReport([...of('warning', 13), ...of('error', 12)], { omitted: 4 })
    assert.equal(names(more), `${ten('error')} ${ten('warning')} notice`)
    assert.match(commands(more).at(-1)!.message, /^9 more /)
  })

  it('say first that a comparison is incomplete', () => {
    const report = { ...incomplete(driftReport([])), tables: [FAILED] }
    const [one] = commands(report)
    assert.equal(one!.name, 'error')
    assert.match(one!.message, /^Incomplete: abilities \(connection lost\)/)
    assert.deepEqual(githubAnnotations(driftReport([])), [])
  })
})

describe('SARIF', () => {
  const runOf = (report: DriftReport) => (JSON.parse(renderDriftSarif(report)) as Log).runs[0]!

  it('has a rule per kind and class, and a result per finding', () => {
    const run = runOf(
      driftReport([
        finding(),
        finding({ severity: 'note', class: 'accepted', acceptance: ACCEPTED }),
        finding({ location: null }),
      ]),
    )
    assert.deepEqual(
      run.tool.driver.rules!.map(({ id }) => id),
      ['changed/drift', 'changed/accepted'],
    )
    assert.deepEqual(
      run.results!.map(({ level }) => level),
      ['error', 'error', 'note'],
    )
    const [first, second, third] = run.results!
    assert.deepEqual(first!.partialFingerprints, { 'tidegateFinding/v1': '0123456789ab' })
    assert.deepEqual(first!.locations![0]!.physicalLocation, {
      artifactLocation: { uri: 'seeds/bltcy-channel.ts' },
      region: { startLine: 27 },
    })
    assert.match(first!.message.text!, /\npriority: "5" → "0" \(base "5"\)\ntidegate push /)
    const { physicalLocation, logicalLocations } = second!.locations![0]!
    assert.equal(physicalLocation, undefined)
    assert.equal(logicalLocations![0]!.fullyQualifiedName, 'channels "Bltcy旧网关" "55"')
    assert.equal(
      third!.suppressions![0]!.justification,
      'accepted until 2027-01-31 by "ops": "why"',
    )
    assert.deepEqual(run.invocations, [
      { executionSuccessful: true, toolExecutionNotifications: [] },
    ])
  })

  it('has no link made of data', () => {
    const run = runOf(driftReport([finding({ message: '[a](https://b.example)' })]))
    assert.ok(!run.results![0]!.message.text!.includes(']('))
  })

  it('keeps the most severe 5,000 results and says that there are more', () => {
    const notes = Array.from({ length: 5_000 }, () => finding({ severity: 'note' }))
    const exact = runOf(driftReport(notes))
    assert.equal(exact.results!.length, 5_000)
    assert.deepEqual(exact.invocations![0]!.toolExecutionNotifications, [])
    const more = runOf(driftReport([...notes, finding()], { omitted: 2 }))
    assert.equal(more.results!.length, 5_000)
    assert.equal(more.results![0]!.level, 'error')
    const [notification] = more.invocations![0]!.toolExecutionNotifications!
    assert.equal(notification!.message.text, '3 findings are not listed here')
  })

  it('did not succeed when it is incomplete', () => {
    const [invocation] = runOf({ ...incomplete(driftReport([])), tables: [FAILED] }).invocations!
    assert.equal(invocation!.executionSuccessful, false)
    assert.match(
      invocation!.toolExecutionNotifications![0]!.message.text!,
      /^Incomplete: abilities/,
    )
  })
})

describe('JUnit', () => {
  it('has a suite per table and a case per finding', () => {
    const report = driftReport([
      finding(),
      finding({ severity: 'note' }),
      finding({ class: 'accepted', acceptance: ACCEPTED, table: 'users' }),
    ])
    assert.deepEqual(outcomes(report), [
      'channels: failure',
      'channels: passed',
      'abilities: passed',
      'options: passed',
      'users: skipped',
    ])
  })

  const LEVELS: readonly (readonly [FailLevel, readonly string[]])[] = [
    ['error', ['failure', 'passed', 'passed']],
    ['warning', ['failure', 'failure', 'passed']],
    ['note', ['failure', 'failure', 'failure']],
    ['never', ['passed', 'passed', 'passed']],
  ]
  for (const [failOn, expected] of LEVELS) {
    it(`fails from ${failOn} on`, () => {
      const severities = ['error', 'warning', 'note'] as const
      const report = driftReport(
        severities.map((severity) => finding({ severity })),
        {
          tables: [table('channels')],
        },
      )
      const failing = { ...report, verdict: { ...report.verdict, failOn } }
      assert.deepEqual(
        outcomes(failing),
        expected.map((outcome) => `channels: ${outcome}`),
      )
    })
  }

  it('an incomplete table is an error beside its findings, an absent one is skipped', () => {
    const absent = table('tokens', { status: 'absent', reason: 'not in local' })
    const report = incomplete(
      driftReport([finding({ table: 'abilities' })], { tables: [FAILED, absent] }),
    )
    assert.deepEqual(outcomes(report), [
      'abilities: error',
      'abilities: failure',
      'tokens: skipped',
    ])
  })

  it('an incomplete comparison is an error even when no table is', () => {
    const report = incomplete(driftReport([], { tables: [table('channels')] }))
    assert.deepEqual(outcomes(report), ['comparison: error', 'channels: passed'])
  })
})

const PLURALS = { failure: 'failures', error: 'errors', skipped: 'skipped' } as const

/** `table: outcome` of every case; the counts of the suites must agree with them. */
function outcomes(report: DriftReport): string[] {
  const found: string[] = []
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 }
  const said = { ...counts }
  for (const { name, attributes } of parseXml(renderDriftJunit(report))) {
    if (name === 'testcase') {
      counts.tests += 1
      found.push(`${attributes['classname']}: passed`)
    }
    if (name === 'failure' || name === 'error' || name === 'skipped') {
      counts[PLURALS[name]] += 1
      found.push(found.pop()!.replace('passed', name))
    }
    if (name === 'testsuite') {
      for (const key of Object.keys(said) as (keyof typeof said)[])
        said[key] += Number(attributes[key])
    }
  }
  assert.deepEqual(said, counts)
  return found
}
