import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Acceptance, CellFinding, Finding, Resolution } from '../../diff/finding.ts'
import type { DriftPageTexts, DriftTexts } from '../../language/drift-texts.ts'
import { shorten } from '../escape.ts'
import { cellTable, type SideNames } from './html-cells.ts'
import { classChip, code, data, severityChip } from './html-elements.ts'
import { shownValue } from './html-value.ts'

/** Where a finding stands in the page. */
export interface Placing {
  readonly texts: DriftTexts
  readonly names: SideNames
  /** Index of its table among those that have findings: what the filter goes by. */
  readonly group: number
  readonly open: boolean
  /** Outside its table's own list the table has to be named. */
  readonly withTable: boolean
}

/** One finding: a line that says what it is about, and everything known about it behind that. */
export function findingDetails(finding: Finding, placing: Placing): Element {
  const properties = {
    open: placing.open,
    dataClass: finding.class,
    dataSeverity: finding.severity,
    dataGroup: String(placing.group),
  }
  return h('details.finding', properties, [
    h('summary', summary(finding, placing)),
    h('div.body', body(finding, placing)),
  ])
}

function summary(finding: Finding, { names, withTable, texts }: Placing): ElementContent[] {
  const { wholeTable } = texts.page.findings
  return [
    severityChip(finding.severity, texts),
    h('span.key', [
      withTable ? h('span.of', data(finding.table)) : null,
      finding.key.length === 0 ? h('span.nothing', wholeTable) : null,
      finding.key.map((part) => keyPart(part, texts.page)),
    ]),
    classChip(finding.class, texts),
    h('span.preview', preview(finding, names, texts.page)),
  ]
}

function keyPart(part: string, { findings }: DriftPageTexts): Element {
  return part === '' ? h('span.nothing', findings.empty) : data(part)
}

const PREVIEWED_CELLS = 3

function preview(finding: Finding, names: SideNames, page: DriftPageTexts): ElementContent[] {
  const texts = page.findings
  const subject = finding.side === null ? '' : names[finding.side]
  switch (finding.kind) {
    case 'missing':
      return [h('span', [...texts.missing(data(names.to))])]
    case 'extra':
      return [h('span', [...texts.extra(data(names.to))])]
    case 'duplicate':
      return [h('span', [...texts.duplicate(data(subject))])]
    case 'abilities':
      return [h('span', [...texts.abilities(data(subject))])]
    case 'schema':
    case 'acceptance':
      return [h('span', data(shorten(finding.message, 120)))]
    case 'changed': {
      const rest = finding.cells.length - PREVIEWED_CELLS
      const more = rest > 0 ? [h('span', texts.moreCells(rest))] : []
      return [
        ...finding.cells.slice(0, PREVIEWED_CELLS).map((cell) => cellPreview(cell, page)),
        ...more,
      ]
    }
  }
}

function cellPreview(cell: CellFinding, page: DriftPageTexts): Element {
  const name = cell.path === null ? cell.column : `${cell.column} ${cell.path}`
  if (cell.present !== 'both') {
    const { added, removed } = page.findings
    return h('span', data(shorten(name, 40)), cell.present === 'to' ? added : removed)
  }
  const side = (value: string | null): Element =>
    shownValue(value === null ? null : shorten(value, 24), page)
  return h('span', data(shorten(name, 40)), ' ', side(cell.from), ' → ', side(cell.to))
}

function body(finding: Finding, { names, texts }: Placing): ElementContent[] {
  const { message, cells, acceptance, resolutions } = finding
  return [
    h('p.message', data(message)),
    ...(cells.length === 0 ? [] : [cellTable(cells, { names, class: finding.class, texts })]),
    ...(acceptance === null ? [] : [acceptanceNote(acceptance, texts.page)]),
    ...(resolutions.length === 0 ? [] : [resolutionList(resolutions, texts.page)]),
    origin(finding, texts),
  ]
}

function acceptanceNote(
  { reason, owner, expires }: Acceptance,
  { findings }: DriftPageTexts,
): Element {
  return h('p.acceptance', [...findings.accepted(data(owner), data(expires), data(reason))])
}

function resolutionList(resolutions: readonly Resolution[], { findings }: DriftPageTexts): Element {
  return h(
    'ul.resolutions',
    { ariaLabel: findings.resolutions },
    resolutions.map(({ command, effect }) =>
      h('li', h('p', data(effect)), h('pre.command', { tabIndex: 0 }, code(command))),
    ),
  )
}

function origin({ id, kind, location }: Finding, { report }: DriftTexts): Element {
  const place = location === null ? null : code(`${location.file}:${location.line}`)
  return h('p.origin', [
    h('span', `${report.kinds[kind]} `, code(id)),
    place === null ? null : h('span', [...report.declaredIn(place)]),
  ])
}
