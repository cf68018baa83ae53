import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { DriftReport } from '../../diff/drift-report.ts'
import { type Finding, FINDING_CLASSES, SEVERITIES } from '../../diff/finding.ts'
import type { DriftTexts } from '../../language/drift-texts.ts'
import { amount, data } from './html-elements.ts'

/** What narrows the list. Hidden until the script runs, since it does nothing without it. */
export function filterBar({ findings }: DriftReport, { page, report }: DriftTexts): Element {
  const texts = page.filters
  const count = (test: (finding: Finding) => boolean): number => findings.filter(test).length
  const severities = SEVERITIES.map((name) => ({
    value: name,
    label: report.severities[name],
    count: count(({ severity }) => severity === name),
  }))
  const classes = FINDING_CLASSES.map((name) => ({
    value: name,
    label: report.classes[name],
    title: page.meanings[name],
    count: count((finding) => finding.class === name),
  }))
  const tables = tablesWithFindings(findings).map((name, index) => ({
    value: String(index),
    label: data(name),
    count: count(({ table }) => table === name),
  }))
  return h('div#filters', { role: 'search', ariaLabel: texts.label, hidden: true }, [
    facet(texts.severity, 'severity', severities),
    facet(texts.class, 'class', classes),
    facet(texts.table, 'group', tables),
    searchLine(report.findings(findings.length), texts),
  ])
}

/** Tables that have findings, in the order of their first one; the table filter goes by it. */
export function tablesWithFindings(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ table }) => table))]
}

interface Choice {
  /** Of ours, never data: what the findings carry as `data-…`. */
  readonly value: string
  readonly label: ElementContent | string
  readonly title?: string
  readonly count: number
}

function facet(legend: string, name: string, choices: readonly Choice[]): Element | null {
  const occurring = choices.filter(({ count }) => count > 0)
  if (occurring.length < 2) return null
  return h('fieldset', [
    h('legend', legend),
    h(
      'div',
      occurring.map(({ value, label, title, count }) =>
        h('label', { title }, [
          h('input', { type: 'checkbox', dataFacet: name, dataValue: value }),
          h('span', label),
          h('span.count', amount(count)),
        ]),
      ),
    ),
  ])
}

type FilterTexts = DriftTexts['page']['filters']

function searchLine(total: string, texts: FilterTexts): Element {
  return h('div.line', [
    h('input#search', {
      type: 'search',
      placeholder: texts.search,
      ariaLabel: texts.search,
      ariaKeyShortcuts: ['/'],
      autoComplete: 'off',
      spellCheck: 'false',
    }),
    h('output#shown', { ariaLive: 'polite' }, total),
    button('clear', texts.clear, { hidden: true }),
    button('expand', texts.expand),
    button('collapse', texts.collapse),
    button('help-open', texts.keys, { ariaKeyShortcuts: ['?'] }),
  ])
}

function button(id: string, label: string, properties: object = {}): Element {
  return h(`button#${id}`, { type: 'button', ...properties }, label)
}

/** Keys, and what the classes mean. */
export function helpDialog({ page, report }: DriftTexts): Element {
  const texts = page.filters
  const entries = (pairs: readonly (readonly [Element | string, string])[]): Element =>
    h(
      'dl',
      pairs.map(([term, text]) => h('div', h('dt', term), h('dd', text))),
    )
  return h('dialog#help', { ariaLabelledBy: ['help-title'] }, [
    h('h2#help-title', texts.keys),
    entries(texts.bindings.map(([key, text]) => [h('kbd', key), text])),
    h('h2', texts.classes),
    entries(FINDING_CLASSES.map((name) => [report.classes[name], page.meanings[name]])),
    button('help-close', texts.close),
  ])
}
