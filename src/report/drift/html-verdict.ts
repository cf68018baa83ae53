import type { Element } from 'hast'
import { h } from 'hastscript'
import type { DriftReport, Verdict } from '../../diff/drift-report.ts'
import { type FailLevel, SEVERITIES } from '../../diff/finding.ts'
import { amount, data, phraseContent } from './html-elements.ts'
import { verdictNotePhrase, verdictPhrase } from './verdict.ts'

/** The first thing that a reader sees: what it means, in words, and the counts behind it. */
export function verdictBanner(report: DriftReport): Element {
  const { verdict } = report
  const note = verdictNotePhrase(report)
  return h('section.verdict', { className: [tone(verdict)], ariaLabel: 'Verdict' }, [
    h('p.sides', data(report.from.name), arrow(), data(report.to.name)),
    h('h1', phraseContent(verdictPhrase(report))),
    h('p', result(verdict)),
    note === null ? null : h('p', phraseContent(note)),
    counts(verdict),
  ])
}

function arrow(): Element {
  return h('span.arrow', { role: 'img', ariaLabel: 'compared with' }, '→')
}

function tone({ status, failing }: Verdict): string {
  if (status !== 'different') return status
  return failing ? 'failing' : 'passing'
}

const FAILS: Readonly<Record<FailLevel, string>> = {
  error: 'errors',
  warning: 'warnings and errors',
  note: 'any finding',
  never: 'nothing but an incomplete comparison',
}

function result({ status, failing, failOn }: Verdict): string {
  if (status === 'incomplete') {
    return 'Something could not be compared, so this says nothing about the rest. The run fails.'
  }
  return `This run ${failing ? 'fails' : 'passes'}. It is set to fail on ${FAILS[failOn]}.`
}

function counts({ severities }: Verdict): Element | null {
  const occurring = SEVERITIES.filter((name) => severities[name] > 0)
  if (occurring.length === 0) return null
  return h(
    'ul.counts',
    { ariaLabel: 'Findings by severity' },
    occurring.map((name) =>
      h('li.severity', { className: [name] }, h('b', amount(severities[name])), ` ${name}`),
    ),
  )
}
