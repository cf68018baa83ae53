import type { Element } from 'hast'
import { h } from 'hastscript'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { Finding } from '../../diff/finding.ts'
import type { DriftTexts } from '../../language/drift-texts.ts'
import { amount, data } from './html-elements.ts'
import { filterBar, tablesWithFindings } from './html-filters.ts'
import { findingDetails, type Placing } from './html-finding.ts'
import { sectionsOf } from './sections.ts'
import { APART_CLASSES } from './verdict.ts'

/** So many findings are all unfolded; of more, the reader unfolds what is of interest. */
const UNFOLDED = 12

/** All findings: by table those that ask for something, then the others by why they do not. */
export function findingSections(report: DriftReport, texts: DriftTexts): Element {
  const { title, none, apart: titles } = texts.page.findings
  const { tables, apart } = sectionsOf(report)
  const groups = new Map(tablesWithFindings(report.findings).map((table, index) => [table, index]))
  const names = { from: report.from.name, to: report.to.name }
  const count = [...tables.values()].reduce((sum, { length }) => sum + length, 0)
  const list = (findings: readonly Finding[], place: Pick<Placing, 'open' | 'withTable'>) =>
    findings.map((finding) =>
      findingDetails(finding, { ...place, texts, names, group: groups.get(finding.table)! }),
    )
  return h('section.findings', { ariaLabelledBy: ['findings-title'] }, [
    h('h2#findings-title', title),
    filterBar(report, texts),
    h('p#none.note', { hidden: true }, none),
    [...tables].map(([table, found]) =>
      group([data(table)], list(found, { open: count <= UNFOLDED, withTable: false })),
    ),
    APART_CLASSES.map((name) => {
      const found = apart.get(name)
      if (found === undefined) return null
      const [heading, text] = titles[name]
      return group([heading, h('small', text)], list(found, { open: false, withTable: true }))
    }),
  ])
}

function group(title: readonly (Element | string)[], findings: readonly Element[]): Element {
  return h('section.group', [
    h('h3', h('span', [...title]), h('span.count', amount(findings.length))),
    ...findings,
  ])
}
