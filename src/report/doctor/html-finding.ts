import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Finding, Pair } from '../../doctor/diagnosis.ts'
import { RULES } from '../../doctor/rule-table.ts'
import { data } from '../drift/html-elements.ts'
import { evidenceTables } from './html-evidence.ts'
import { repairParts } from './html-repair.ts'
import { filled, type PageContext } from './html-words.ts'

/** One finding as a card: what is wrong, what follows from it, what proves it, what to do. */
export function findingCard(finding: Finding, open: boolean, context: PageContext): Element {
  const { rule, severity } = finding
  const { texts } = context
  return h('details.finding', { open, dataSeverity: severity }, [
    h('summary', [
      h('span.chip.severity', { className: [severity] }, texts.ui.severities[severity]),
      h('span.key', [h('span.of', rule), h('span', texts.rules[rule].title)]),
      modeChip(finding, context),
    ]),
    h(`div#finding-${rule}.body`, body(finding, context)),
  ])
}

/** Says so when a finding matters in one mode only. */
function modeChip({ modes }: Finding, { texts }: PageContext): Element | null {
  const [only, ...others] = modes
  if (only === undefined || others.length > 0) return null
  return h('span.chip', texts.ui.modes[only])
}

function body(finding: Finding, context: PageContext): ElementContent[] {
  const { rule, facts, explains } = finding
  const { texts } = context
  const parts = [
    h('p.message', filled(texts.rules[rule].explanation, facts)),
    affected(finding.pairs, context),
    ...evidenceTables(finding, context),
    h('div.repair', [...repairParts(finding, context)]),
    explains.length === 0
      ? null
      : h('p.note', filled(texts.ui.finding.explains, { rules: explains.join(', ') })),
    origin(finding, context),
  ]
  return parts.filter((part) => part !== null)
}

/** So many pairs are named. */
const NAMED_PAIRS = 12

function affected(pairs: readonly Pair[], { words, texts }: PageContext): Element | null {
  if (pairs.length === 0) return null
  const rest = pairs.length - NAMED_PAIRS
  return h('div.affected', [
    h('p', filled(words.affected, { pairs: String(pairs.length) })),
    h('ul', [
      pairs
        .slice(0, NAMED_PAIRS)
        .map(({ group, model }) => h('li', [data(group), h('span.times', '×'), data(model)])),
      rest > 0 ? h('li.note', filled(texts.ui.finding.more, { count: String(rest) })) : null,
    ]),
  ])
}

function origin({ rule }: Finding, { texts }: PageContext): Element | null {
  const { source } = RULES[rule]
  return source === null ? null : h('p.origin', filled(texts.ui.finding.source, { source }))
}
