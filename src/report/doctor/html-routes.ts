import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Route } from '../../doctor/diagnosis.ts'
import { amount } from '../drift/html-elements.ts'
import { legend, matrixTable } from './html-matrix.ts'
import { type Matrix, routeMap, type RouteMap, type RoutePanel } from './html-matrix-model.ts'
import { routePanel, routeStory } from './html-route.ts'
import type { PageContext } from './html-words.ts'

/** Every route, as a map of groups and models whose cells open the routes; few are simply shown. */
export function routeSection(routes: readonly Route[], context: PageContext): Element {
  const { words, texts } = context
  const map = routeMap(routes)
  const models = map.matrices[0]?.models.length ?? 0
  return h('section.routes', { className: sizeOf(models), ariaLabelledBy: ['routes-title'] }, [
    h('h2#routes-title', texts.ui.headings.routes),
    map.matrices.length === 0 ? h('p.note', words.noRoutes) : null,
    isSingle(map) ? singleRoutes(map.panels, context) : mapParts(map, context),
  ])
}

function sizeOf(models: number): string[] {
  return models > 24 ? ['wide'] : []
}

/** Whether each mode has one cell only, so that there is nothing to choose from. */
function isSingle({ matrices }: RouteMap): boolean {
  return matrices.every(({ cells }) => cells === 1)
}

/** Modes in which the route is the same are told once. */
function singleRoutes(panels: readonly RoutePanel[], context: PageContext): Element[] {
  const { modes, everyMode } = context.texts.ui
  const alike = Map.groupBy(panels, ({ routes }) =>
    JSON.stringify(routes.map((route) => ({ ...route, mode: null }))),
  )
  return [...alike.values()].map((same) => {
    const { routes, pairs } = same[0]!
    return h('article.route.alone', [
      h('h3', same.length > 1 ? everyMode : modes[routes[0].mode]),
      ...routes.map((route) => routeStory(route, pairs, context)),
    ])
  })
}

function mapParts({ matrices, panels }: RouteMap, context: PageContext): Element[] {
  const { words } = context
  return [
    h('p.note', [`${words.routesNote} `, h('span.keys', { hidden: true }, words.arrows)]),
    h('div.map-bar', [modeSwitch(matrices, context), problemSwitch(matrices, context)]),
    ...matrices.map((matrix) => matrixTable(matrix, context)),
    h('div.map-foot', [legend(context), h('output.readout', { ariaHidden: 'true' })]),
    ...panels.map((panel) => routePanel(panel, context)),
  ]
}

/** Radio buttons, which the style goes by: it works without the script. */
function modeSwitch(matrices: readonly Matrix[], { words, texts }: PageContext): Element {
  const most = Math.max(...matrices.map(({ unserved }) => unserved))
  const chosen = matrices.findIndex(({ unserved }) => unserved === most)
  return h('fieldset.modes', [
    h('legend', words.modes),
    matrices.map(({ mode, unserved }, index) =>
      h('label', [
        h('input', { type: 'radio', name: 'mode', value: mode, checked: index === chosen }),
        h('span', texts.ui.modes[mode]),
        h('span.count', { className: unserved > 0 ? ['bad'] : [] }, amount(unserved)),
      ]),
    ),
  ])
}

/** Where a map is larger than what can be seen at once. */
const LARGE = 12

function problemSwitch(matrices: readonly Matrix[], { words }: PageContext): Element | null {
  const isLarge = matrices.some(({ models, rows }) => models.length > LARGE || rows.length > LARGE)
  if (!isLarge) return null
  return h('label.only', [h('input#only-problems', { type: 'checkbox' }), words.onlyProblems])
}
