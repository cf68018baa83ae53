import type { Element } from 'hast'
import { h } from 'hastscript'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding } from '../../diff/finding.ts'
import { amount, data } from './html-elements.ts'
import { filterBar, tablesWithFindings } from './html-filters.ts'
import { findingDetails, type Placing } from './html-finding.ts'
import { sectionsOf } from './sections.ts'
import { APART_CLASSES } from './verdict.ts'

/** So many findings are all unfolded; of more, the reader unfolds what is of interest. */
const UNFOLDED = 12

const APART_TITLES: Readonly<Record<(typeof APART_CLASSES)[number], readonly [string, string]>> = {
  environment: [
    'Each installation’s own',
    'Values that belong to one installation and are expected to differ.',
  ],
  runtime: [
    'Changed by the running gateway',
    'What a gateway changes by itself, such as a channel that it disabled.',
  ],
  accepted: ['Accepted', 'Accepted by a person, with a reason and an end.'],
}

/** All findings: by table those that ask for something, then the others by why they do not. */
export function findingSections(report: DriftReport): Element {
  const { tables, apart } = sectionsOf(report)
  const groups = new Map(tablesWithFindings(report.findings).map((table, index) => [table, index]))
  const names = { from: report.from.name, to: report.to.name }
  const count = [...tables.values()].reduce((sum, { length }) => sum + length, 0)
  const list = (findings: readonly Finding[], place: Pick<Placing, 'open' | 'withTable'>) =>
    findings.map((finding) =>
      findingDetails(finding, { ...place, names, group: groups.get(finding.table)! }),
    )
  return h('section.findings', { ariaLabelledBy: ['findings-title'] }, [
    h('h2#findings-title', 'Findings'),
    filterBar(report),
    h('p#none.note', { hidden: true }, 'No finding matches.'),
    [...tables].map(([table, found]) =>
      group([data(table)], list(found, { open: count <= UNFOLDED, withTable: false })),
    ),
    APART_CLASSES.map((name) => {
      const found = apart.get(name)
      if (found === undefined) return null
      const [title, text] = APART_TITLES[name]
      return group([title, h('small', text)], list(found, { open: false, withTable: true }))
    }),
  ])
}

function group(title: readonly (Element | string)[], findings: readonly Element[]): Element {
  return h('section.group', [
    h('h3', h('span', [...title]), h('span.count', amount(findings.length))),
    ...findings,
  ])
}
