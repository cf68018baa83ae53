import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Finding, Repair } from '../../doctor/diagnosis.ts'
import { fillWith } from '../../language/template.ts'
import { code } from '../drift/html-elements.ts'
import { escapeText } from '../escape.ts'
import { filled, type PageContext } from './html-words.ts'

/** What to do about a finding, and what can be copied for it. */
export function repairParts({ rule, facts, repair }: Finding, context: PageContext): Element[] {
  const { rules, ui } = context.texts
  const parts = fillWith(ui.repairs[repair.kind], { advice: filled(rules[rule].advice, facts) })
  const advice = h('p.advice', parts.flat())
  return [advice, ...commandsOf(repair).map((text) => commandBlock(text, context))]
}

function commandsOf(repair: Repair): readonly string[] {
  if (repair.kind === 'command') return [repair.command]
  return repair.kind === 'sql' ? repair.statements.map((statement) => `${statement};`) : []
}

/** What had to be escaped to be shown is no longer the command, and so not there to be copied. */
function commandBlock(text: string, { texts }: PageContext): Element {
  const block = h('pre.command', { tabIndex: 0 }, code(text))
  if (escapeText(text) === text) return h('div.copyable', block)
  return h('div', [block, h('p.note', texts.ui.notExact)])
}
