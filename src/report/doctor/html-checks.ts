import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Check } from '../../doctor/diagnosis.ts'
import { data } from '../drift/html-elements.ts'
import { ruleLink } from './html-rule.ts'
import { filled, type PageContext } from './html-words.ts'

const SIGNS = { ok: '✓', failed: '✕', info: '·' } as const

/** The questions that the guide asks by hand, answered. */
export function checkList(checks: readonly Check[], context: PageContext): Element {
  return h('section.checks', { ariaLabelledBy: ['checks-title'] }, [
    h('h2#checks-title', context.texts.ui.headings.checks),
    h(
      'ul',
      checks.map((check) => checkItem(check, context)),
    ),
  ])
}

function checkItem({ id, result, subject, facts, rules }: Check, context: PageContext): Element {
  const { words, texts } = context
  return h('li', { className: [result] }, [
    h('span.sign', { role: 'img', ariaLabel: words.checkResult[result] }, SIGNS[result]),
    h('div', [
      h('b', [texts.checks[id].title, subject === null ? null : h('small', [' ', data(subject)])]),
      h('p', filled(texts.checks[id][result], facts)),
    ]),
    h(
      'span.rules',
      rules.map((rule) => ruleLink(rule, context)),
    ),
  ])
}
