import type { Element } from 'hast'
import { h } from 'hastscript'
import type { RuleId } from '../../doctor/rule-table.ts'
import { repairParts } from './html-repair.ts'
import { findingOf, ruleLink } from './html-rule.ts'
import { filled, type PageContext } from './html-words.ts'

/** The rule that refuses or weakens a route, in words, and what to do. */
export function causeBox(rule: RuleId, context: PageContext): Element {
  const { rules } = context.texts
  const finding = findingOf(rule, context)
  const title = (id: RuleId) => h('h4', [ruleLink(id, context), ' ', rules[id].title])
  if (finding === undefined) return h('div.cause', title(rule))
  return h('div.cause', [
    title(rule),
    finding.rule === rule ? null : title(finding.rule),
    h('p', filled(rules[finding.rule].explanation, finding.facts)),
    ...repairParts(finding, context),
  ])
}
