import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Route } from '../../doctor/diagnosis.ts'
import { escapeText } from '../escape.ts'
import { data } from '../drift/html-elements.ts'
import { isCalmRow, type Matrix, type MatrixCell, type MatrixRow } from './html-matrix-model.ts'
import { filledPlain, type PageContext } from './html-words.ts'

/** More models than these have their names written upwards. */
const UPRIGHT_MODELS = 8

/** One cache mode as a heat map, which scrolls within itself. */
export function matrixTable(matrix: Matrix, context: PageContext): Element {
  const { mode, models, rows, calmModels } = matrix
  const { words, texts } = context
  const kind = models.length > UPRIGHT_MODELS ? 'narrow' : 'broad'
  const isEmpty = calmModels.size === models.length
  return h('div.matrix-box', { className: [mode], tabIndex: -1 }, [
    isEmpty ? h('p.note.no-problems', words.noProblems) : null,
    h('table.matrix', { className: [kind], ariaLabel: texts.ui.modes[mode] }, [
      h(
        'thead',
        h('tr', [corner(texts.ui.headings.group), models.map((name) => head(name, calmModels))]),
      ),
      h(
        'tbody',
        rows.map((row) => rowOf(row, matrix, context)),
      ),
    ]),
  ])
}

function corner(text: string): Element {
  return h('th.corner', { scope: 'col' }, text)
}

function head(model: string, calm: ReadonlySet<string>): Element {
  const className = calm.has(model) ? 'calm' : undefined
  return h('th', { scope: 'col', className, title: escapeText(model) }, h('span', data(model)))
}

function rowOf(row: MatrixRow, { models, calmModels }: Matrix, context: PageContext): Element {
  const { words, texts } = context
  const { group } = row
  const name = group === null ? texts.ui.route.unknownGroup : escapeText(group)
  const cells = models.map((model, column) => {
    const className = calmModels.has(model) ? 'calm' : undefined
    const cell = row.cells[column] ?? null
    if (cell === null) return h('td', { className }, h('span.unasked', { title: words.unasked }))
    return h('td', { className }, cellButton(cell, name, context))
  })
  const shown = group === null ? h('span.nothing', name) : data(group)
  return h('tr', { className: isCalmRow(row) ? 'calm' : undefined }, [
    h('th', { scope: 'row', title: name }, h('span', shown)),
    ...cells,
  ])
}

function cellButton({ worst, panel }: MatrixCell, group: string, context: PageContext): Element {
  const facts = { group, model: worst.model, outcome: outcomeText(worst, context) }
  const properties = {
    type: 'button',
    className: [worst.outcome],
    popoverTarget: panel,
    dataTokens: String(worst.tokens),
    ariaLabel: filledPlain(context.words.cell, facts),
  }
  return h('button', properties, signOf(worst))
}

const SIGNS = { served: '✓', weakened: '~', refused: '✕', crash: '!!' } as const

/** Tells the outcomes apart without colours. */
export function signOf({ outcome, status }: Pick<Route, 'outcome' | 'status'>): string {
  return outcome === 'refused' && status !== null ? String(status) : SIGNS[outcome]
}

/** `refused with HTTP 503 (A1)` */
export function outcomeText(
  { outcome, status, rule }: Route,
  { words, texts }: PageContext,
): string {
  const text =
    outcome === 'refused' && status !== null
      ? filledPlain(words.refusedWith, { status: String(status) })
      : texts.ui.outcomes[outcome]
  return rule === null ? text : `${text} (${rule})`
}

/** What the signs mean. */
export function legend({ words, texts }: PageContext): Element {
  const entries: [Route['outcome'], number | null][] = [
    ['served', null],
    ['weakened', null],
    ['refused', 503],
    ['crash', null],
  ]
  const entry = ([outcome, status]: (typeof entries)[number]): ElementContent =>
    h('li', [
      h('span.cell', { className: [outcome] }, signOf({ outcome, status })),
      texts.ui.outcomes[outcome],
    ])
  return h('ul.legend', { ariaLabel: words.legend }, entries.map(entry))
}
