import type { Element } from 'hast'
import { h } from 'hastscript'
import type { DriftReport, Verdict } from '../../diff/drift-report.ts'
import { SEVERITIES } from '../../diff/finding.ts'
import type { DriftTexts } from '../../language/drift-texts.ts'
import { amount, data, phraseContent } from './html-elements.ts'
import { verdictNote, verdictPhrase } from './verdict.ts'

/** The first thing that a reader sees: what it means, in words, and the counts behind it. */
export function verdictBanner(report: DriftReport, texts: DriftTexts): Element {
  const { verdict } = report
  const note = verdictNote(report, texts.report)
  const words = texts.page.verdict
  return h('section.verdict', { className: [tone(verdict)], ariaLabel: words.label }, [
    h('p.sides', data(report.from.name), arrow(words.arrow), data(report.to.name)),
    h('h1', phraseContent(verdictPhrase(report, texts.report))),
    h('p', result(verdict, texts)),
    note === null ? null : h('p', note),
    counts(verdict, texts),
  ])
}

function arrow(label: string): Element {
  return h('span.arrow', { role: 'img', ariaLabel: label }, '→')
}

function tone({ status, failing }: Verdict): string {
  if (status !== 'different') return status
  return failing ? 'failing' : 'passing'
}

function result({ status, failing, failOn }: Verdict, { page }: DriftTexts): string {
  const { incomplete, result } = page.verdict
  return status === 'incomplete' ? incomplete : result(failing, page.failLevels[failOn])
}

function counts({ severities }: Verdict, { page, report }: DriftTexts): Element | null {
  const occurring = SEVERITIES.filter((name) => severities[name] > 0)
  if (occurring.length === 0) return null
  return h(
    'ul.counts',
    { ariaLabel: page.verdict.bySeverity },
    occurring.map((name) =>
      h(
        'li.severity',
        { className: [name] },
        h('b', amount(severities[name])),
        ` ${report.severities[name]}`,
      ),
    ),
  )
}
