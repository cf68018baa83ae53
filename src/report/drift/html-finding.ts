import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Acceptance, CellFinding, Finding, Resolution } from '../../diff/finding.ts'
import { shorten } from '../escape.ts'
import { cellTable, type SideNames } from './html-cells.ts'
import { classChip, code, data, severityChip } from './html-elements.ts'
import { shownValue } from './html-value.ts'
import { counted } from './phrase.ts'

/** Where a finding stands in the page. */
export interface Placing {
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
    h('div.body', body(finding, placing.names)),
  ])
}

function summary(finding: Finding, { names, withTable }: Placing): ElementContent[] {
  return [
    severityChip(finding.severity),
    h('span.key', [
      withTable ? h('span.of', data(finding.table)) : null,
      finding.key.length === 0 ? h('span.nothing', 'whole table') : null,
      finding.key.map((part) => keyPart(part)),
    ]),
    classChip(finding.class),
    h('span.preview', preview(finding, names)),
  ]
}

function keyPart(part: string): Element {
  return part === '' ? h('span.nothing', '(empty)') : data(part)
}

const PREVIEWED_CELLS = 3

function preview(finding: Finding, names: SideNames): ElementContent[] {
  const subject = finding.side === null ? '' : names[finding.side]
  switch (finding.kind) {
    case 'missing':
      return [h('span', 'missing in ', data(names.to))]
    case 'extra':
      return [h('span', 'only in ', data(names.to))]
    case 'duplicate':
      return [h('span', 'duplicate in ', data(subject))]
    case 'abilities':
      return [h('span', 'abilities out of date in ', data(subject))]
    case 'schema':
    case 'acceptance':
      return [h('span', data(shorten(finding.message, 120)))]
    case 'changed': {
      const rest = finding.cells.length - PREVIEWED_CELLS
      const more = rest > 0 ? [h('span', `and ${counted(rest, 'more cell')}`)] : []
      return [...finding.cells.slice(0, PREVIEWED_CELLS).map(cellPreview), ...more]
    }
  }
}

function cellPreview(cell: CellFinding): Element {
  const name = cell.path === null ? cell.column : `${cell.column} ${cell.path}`
  if (cell.present !== 'both') {
    return h('span', data(shorten(name, 40)), cell.present === 'to' ? ' added' : ' removed')
  }
  const side = (value: string | null): Element =>
    shownValue(value === null ? null : shorten(value, 24))
  return h('span', data(shorten(name, 40)), ' ', side(cell.from), ' → ', side(cell.to))
}

function body(finding: Finding, names: SideNames): ElementContent[] {
  const { message, cells, acceptance, resolutions } = finding
  return [
    h('p.message', data(message)),
    ...(cells.length === 0 ? [] : [cellTable(cells, names, finding.class)]),
    ...(acceptance === null ? [] : [acceptanceNote(acceptance)]),
    ...(resolutions.length === 0 ? [] : [resolutionList(resolutions)]),
    origin(finding),
  ]
}

function acceptanceNote({ reason, owner, expires }: Acceptance): Element {
  return h('p.acceptance', [
    'Accepted by ',
    data(owner),
    ' until ',
    data(expires),
    ': ',
    data(reason),
  ])
}

function resolutionList(resolutions: readonly Resolution[]): Element {
  return h(
    'ul.resolutions',
    { ariaLabel: 'What resolves it' },
    resolutions.map(({ command, effect }) =>
      h('li', h('p', data(effect)), h('pre.command', { tabIndex: 0 }, code(command))),
    ),
  )
}

function origin({ id, kind, location }: Finding): Element {
  return h('p.origin', [
    h('span', `${kind} `, code(id)),
    location === null ? null : h('span', 'declared in ', code(`${location.file}:${location.line}`)),
  ])
}
