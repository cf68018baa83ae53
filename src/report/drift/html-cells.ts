import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { CellFinding, FindingClass } from '../../diff/finding.ts'
import { escapeText } from '../escape.ts'
import { classChip, data } from './html-elements.ts'
import { markedParts, shownValue } from './html-value.ts'

/** What the two sides are called. */
export interface SideNames {
  readonly from: string
  readonly to: string
}

/** A finding's cells, side by side; a side that has none of them has no column. */
export function cellTable(
  cells: readonly CellFinding[],
  names: SideNames,
  inherited: FindingClass,
): Element {
  const columns = columnsOf(cells, names)
  return h('table.cells.cards', { role: 'table' }, [
    h(
      'thead',
      h(
        'tr',
        { role: 'row' },
        head('Column'),
        columns.map(({ label }) => head(label)),
      ),
    ),
    h(
      'tbody',
      cells.map((cell) => cellRow(cell, columns, inherited)),
    ),
  ])
}

type Side = 'base' | 'from' | 'to'

interface Column {
  readonly side: Side
  readonly label: string
}

function columnsOf(cells: readonly CellFinding[], names: SideNames): Column[] {
  const columns: (Column | null)[] = [
    cells.some(({ base }) => base !== undefined) ? { side: 'base', label: 'base' } : null,
    cells.some(({ present }) => present !== 'to') ? { side: 'from', label: names.from } : null,
    cells.some(({ present }) => present !== 'from') ? { side: 'to', label: names.to } : null,
  ]
  return columns.filter((column) => column !== null)
}

function head(label: string): Element {
  return h('th', { scope: 'col', role: 'columnheader' }, data(label))
}

function cellRow(cell: CellFinding, columns: readonly Column[], inherited: FindingClass): Element {
  const marks = markedParts(cell)
  return h('tr', { role: 'row' }, [
    h('th', { scope: 'row', role: 'rowheader' }, columnName(cell, inherited)),
    columns.map(({ side, label }) =>
      h(
        'td',
        { role: 'cell', className: [side, ...stateOf(cell, side)], dataLabel: escapeText(label) },
        h('div', sideContent(cell, side, marks)),
      ),
    ),
  ])
}

function columnName(cell: CellFinding, inherited: FindingClass): ElementContent[] {
  const tags = [
    cell.secret ? h('span.tag', 'secret') : null,
    cell.difference === 'formatting' ? h('span.tag', { title: FORMATTING }, 'formatting') : null,
    cell.class === inherited ? null : classChip(cell.class),
  ]
  return [
    h('span.column', data(cell.column)),
    ...(cell.path === null ? [] : [h('span.path', data(cell.path))]),
    ...tags.filter((tag) => tag !== null),
  ]
}

const FORMATTING = 'The same meaning, written so that the gateway misreads it.'

function isPresent(cell: CellFinding, side: Side): boolean {
  if (side === 'base') return cell.base !== undefined
  return cell.present === 'both' || cell.present === side
}

/** A side that left the base is tinted; without a base, both are. */
function stateOf(cell: CellFinding, side: Side): string[] {
  if (side === 'base') return []
  const moved = isPresent(cell, side) ? cell.base !== cell[side] : cell.base !== undefined
  return moved ? ['moved'] : []
}

type Marks = ReturnType<typeof markedParts>

function sideContent(cell: CellFinding, side: Side, marks: Marks): ElementContent[] {
  if (!isPresent(cell, side)) return [h('span.nothing', 'absent')]
  if (side === 'base') return [shownValue(cell.base ?? null)]
  const value = shownValue(cell[side], marks[side])
  const members = side === 'from' ? cell.removed : cell.added
  return members.length === 0 ? [value] : [value, memberList(members, side)]
}

function memberList(members: readonly string[], side: 'from' | 'to'): Element {
  const sign = side === 'from' ? '−' : '+'
  return h(
    'ul.members',
    { ariaLabel: 'Only on this side' },
    members.map((member) => h('li', h('span.sign', sign), shownValue(member))),
  )
}
