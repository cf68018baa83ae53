import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { CellFinding, FindingClass } from '../../diff/finding.ts'
import type { DriftPageTexts, DriftTexts } from '../../language/drift-texts.ts'
import { escapeText } from '../escape.ts'
import { classChip, data } from './html-elements.ts'
import { markedParts, shownValue } from './html-value.ts'

/** What the two sides are called. */
export interface SideNames {
  readonly from: string
  readonly to: string
}

/** Of the finding that the cells are of. */
export interface CellContext {
  readonly names: SideNames
  readonly class: FindingClass
  readonly texts: DriftTexts
}

/** A finding's cells, side by side; a side that has none of them has no column. */
export function cellTable(cells: readonly CellFinding[], context: CellContext): Element {
  const columns = columnsOf(cells, context)
  return h('table.cells.cards', { role: 'table' }, [
    h(
      'thead',
      h(
        'tr',
        { role: 'row' },
        head(context.texts.page.findings.column),
        columns.map(({ label }) => head(label)),
      ),
    ),
    h(
      'tbody',
      cells.map((cell) => cellRow(cell, columns, context)),
    ),
  ])
}

type Side = 'base' | 'from' | 'to'

interface Column {
  readonly side: Side
  readonly label: string
}

function columnsOf(cells: readonly CellFinding[], { names, texts }: CellContext): Column[] {
  const base = texts.page.findings.base
  const columns: (Column | null)[] = [
    cells.some(({ base }) => base !== undefined) ? { side: 'base', label: base } : null,
    cells.some(({ present }) => present !== 'to') ? { side: 'from', label: names.from } : null,
    cells.some(({ present }) => present !== 'from') ? { side: 'to', label: names.to } : null,
  ]
  return columns.filter((column) => column !== null)
}

function head(label: string): Element {
  return h('th', { scope: 'col', role: 'columnheader' }, data(label))
}

function cellRow(cell: CellFinding, columns: readonly Column[], context: CellContext): Element {
  const marks = markedParts(cell)
  return h('tr', { role: 'row' }, [
    h('th', { scope: 'row', role: 'rowheader' }, columnName(cell, context)),
    columns.map(({ side, label }) =>
      h(
        'td',
        { role: 'cell', className: [side, ...stateOf(cell, side)], dataLabel: escapeText(label) },
        h('div', sideContent(cell, side, marks, context.texts.page)),
      ),
    ),
  ])
}

function columnName(cell: CellFinding, { class: inherited, texts }: CellContext): ElementContent[] {
  const { secret, formatting, formattingMeaning } = texts.page.findings
  const tags = [
    cell.secret ? h('span.tag', secret) : null,
    cell.difference === 'formatting'
      ? h('span.tag', { title: formattingMeaning }, formatting)
      : null,
    cell.class === inherited ? null : classChip(cell.class, texts),
  ]
  return [
    h('span.column', data(cell.column)),
    ...(cell.path === null ? [] : [h('span.path', data(cell.path))]),
    ...tags.filter((tag) => tag !== null),
  ]
}

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

function sideContent(
  cell: CellFinding,
  side: Side,
  marks: Marks,
  texts: DriftPageTexts,
): ElementContent[] {
  if (!isPresent(cell, side)) return [h('span.nothing', texts.findings.absent)]
  if (side === 'base') return [shownValue(cell.base ?? null, texts)]
  const value = shownValue(cell[side], texts, marks[side])
  const members = side === 'from' ? cell.removed : cell.added
  return members.length === 0 ? [value] : [value, memberList(members, side, texts)]
}

function memberList(
  members: readonly string[],
  side: 'from' | 'to',
  texts: DriftPageTexts,
): Element {
  const sign = side === 'from' ? '−' : '+'
  return h(
    'ul.members',
    { ariaLabel: texts.findings.members },
    members.map((member) => h('li', h('span.sign', sign), shownValue(member, texts))),
  )
}
