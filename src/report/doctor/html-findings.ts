import type { Element } from 'hast'
import { h } from 'hastscript'
import { SEVERITIES } from '../../doctor/rule-table.ts'
import { amount } from '../drift/html-elements.ts'
import { findingCard } from './html-finding.ts'
import type { PageContext } from './html-words.ts'

/** So many are unfolded; of more, the first, which is where to look. */
const UNFOLDED = 6

export function findingSection(context: PageContext): Element {
  const { words, texts, findings } = context
  return h('section.findings', { ariaLabelledBy: ['findings-title'] }, [
    h('h2#findings-title', texts.ui.headings.findings),
    findings.length === 0 ? h('p.note', words.noFindings) : filterBar(context),
    h('p#none.note', { hidden: true }, words.noMatch),
    ...findings.map((finding, index) =>
      findingCard(finding, findings.length <= UNFOLDED || index === 0, context),
    ),
  ])
}

/** Hidden until the script runs, since it does nothing without it. */
function filterBar(context: PageContext): Element {
  const { words } = context
  return h('div#filters', { role: 'search', ariaLabel: words.filter, hidden: true }, [
    severityFacet(context),
    h('div.line', [
      h('input#search', {
        type: 'search',
        placeholder: words.search,
        ariaLabel: words.search,
        ariaKeyShortcuts: ['/'],
        autoComplete: 'off',
        spellCheck: 'false',
      }),
      h('output#shown', { ariaLive: 'polite' }),
      button('clear', words.clear, true),
      button('expand', words.expand),
      button('collapse', words.collapse),
    ]),
  ])
}

function severityFacet({ words, texts, findings }: PageContext): Element | null {
  const counts = SEVERITIES.map(
    (name) => [name, findings.filter(({ severity }) => severity === name).length] as const,
  ).filter(([, count]) => count > 0)
  if (counts.length < 2) return null
  return h('fieldset', [
    h('legend', words.severityHead),
    h(
      'div',
      counts.map(([name, count]) =>
        h('label', [
          h('input', { type: 'checkbox', dataSeverity: name }),
          h('span', texts.ui.severities[name]),
          h('span.count', amount(count)),
        ]),
      ),
    ),
  ])
}

function button(id: string, label: string, hidden = false): Element {
  return h(`button#${id}`, { type: 'button', hidden }, label)
}
