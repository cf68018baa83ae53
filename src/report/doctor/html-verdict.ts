import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Diagnosis } from '../../doctor/diagnosis.ts'
import { SEVERITIES } from '../../doctor/rule-table.ts'
import { amount, data, phraseContent } from '../drift/html-elements.ts'
import { verdictPhrase } from './phrases.ts'
import type { PageContext } from './html-words.ts'

/** The first thing that a reader sees: the verdict in words, and the counts behind it. */
export function verdictBanner(diagnosis: Diagnosis, context: PageContext): Element {
  const { words, texts } = context
  const { verdict } = diagnosis
  return h('section.verdict', { className: [tone(diagnosis)], ariaLabel: words.verdict }, [
    h('p.sides', data(diagnosis.environment)),
    h('h1', phraseContent(verdictPhrase(diagnosis, texts))),
    h('p', verdict.failing ? words.failing : words.passing),
    counts(diagnosis, context),
  ])
}

function tone({ verdict }: Diagnosis): string {
  if (verdict.failing) return 'failing'
  const found = SEVERITIES.some((name) => verdict.counts[name] > 0)
  return verdict.status === 'unhealthy' || found ? 'passing' : 'clean'
}

function counts({ verdict }: Diagnosis, { words, texts }: PageContext): Element | null {
  const occurring = SEVERITIES.filter((name) => verdict.counts[name] > 0)
  if (occurring.length === 0) return null
  return h(
    'ul.counts',
    { ariaLabel: words.counts },
    occurring.map((name) =>
      h(
        'li.severity',
        { className: [name] },
        h('b', amount(verdict.counts[name])),
        ` ${texts.ui.severities[name]}`,
      ),
    ),
  )
}
