import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Finding } from '../../doctor/diagnosis.ts'
import type { RuleId } from '../../doctor/rule-table.ts'
import type { PageContext } from './html-words.ts'

/** A rule's own finding, else the one that explains it. */
export function findingOf(rule: RuleId, { findings }: PageContext): Finding | undefined {
  return (
    findings.find((one) => one.rule === rule) ??
    findings.find(({ explains }) => explains.includes(rule))
  )
}

/** To the finding of the rule, or of the one that explains it. */
export function ruleLink(rule: RuleId, context: PageContext): Element {
  const { title } = context.texts.rules[rule]
  const finding = findingOf(rule, context)
  if (finding === undefined) return h('span.rule', { title }, rule)
  return h('a.rule', { title, href: `#finding-${finding.rule}` }, rule)
}
