import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { DriftReport } from '../../diff/drift-report.ts'
import { type Finding, FINDING_CLASSES, SEVERITIES } from '../../diff/finding.ts'
import { amount, classMeaning, data } from './html-elements.ts'
import { counted } from './phrase.ts'

/** What narrows the list. Hidden until the script runs, since it does nothing without it. */
export function filterBar({ findings }: DriftReport): Element {
  const count = (test: (finding: Finding) => boolean): number => findings.filter(test).length
  const severities = SEVERITIES.map((name) => ({
    value: name,
    label: name,
    count: count(({ severity }) => severity === name),
  }))
  const classes = FINDING_CLASSES.map((name) => ({
    value: name,
    label: name,
    title: classMeaning(name),
    count: count((finding) => finding.class === name),
  }))
  const tables = tablesWithFindings(findings).map((name, index) => ({
    value: String(index),
    label: data(name),
    count: count(({ table }) => table === name),
  }))
  return h('div#filters', { role: 'search', ariaLabel: 'Filter findings', hidden: true }, [
    facet('Severity', 'severity', severities),
    facet('Class', 'class', classes),
    facet('Table', 'group', tables),
    searchLine(findings.length),
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

function searchLine(total: number): Element {
  return h('div.line', [
    h('input#search', {
      type: 'search',
      placeholder: 'Search findings',
      ariaLabel: 'Search findings',
      ariaKeyShortcuts: ['/'],
      autoComplete: 'off',
      spellCheck: 'false',
    }),
    h('output#shown', { ariaLive: 'polite' }, counted(total, 'finding')),
    button('clear', 'Clear', { hidden: true }),
    button('expand', 'Expand all'),
    button('collapse', 'Collapse all'),
    button('help-open', 'Keys', { ariaKeyShortcuts: ['?'] }),
  ])
}

function button(id: string, label: string, properties: object = {}): Element {
  return h(`button#${id}`, { type: 'button', ...properties }, label)
}

const KEYS = [
  ['/', 'Search'],
  ['j or ↓', 'Next finding'],
  ['k or ↑', 'Previous finding'],
  ['Enter or Space', 'Unfold or fold'],
  ['Esc', 'Clear the search and the filters'],
  ['?', 'This help'],
] as const

/** Keys, and what the classes mean. */
export function helpDialog(): Element {
  const entries = (pairs: readonly (readonly [Element | string, string])[]): Element =>
    h(
      'dl',
      pairs.map(([term, text]) => h('div', h('dt', term), h('dd', text))),
    )
  return h('dialog#help', { ariaLabelledBy: ['help-title'] }, [
    h('h2#help-title', 'Keys'),
    entries(KEYS.map(([key, text]) => [h('kbd', key), text])),
    h('h2', 'Classes'),
    entries(FINDING_CLASSES.map((name) => [name, classMeaning(name)])),
    button('help-close', 'Close'),
  ])
}
