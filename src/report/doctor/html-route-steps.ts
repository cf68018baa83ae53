import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import { type Route, ROUTE_STAGES, type RouteStage } from '../../doctor/diagnosis.ts'
import { data } from '../drift/html-elements.ts'
import { askedPart } from './html-asked.ts'
import type { RoutePair } from './html-matrix-model.ts'
import { tierList } from './html-route-tiers.ts'
import { filledPlain, type PageContext } from './html-words.ts'

type State = 'passed' | 'weak' | 'broken' | 'unreached'

/** The stages in the order in which a request passes them; the style gives each its sign. */
export function routeSteps(
  route: Route,
  pairs: readonly RoutePair[],
  context: PageContext,
): Element {
  const { words, texts } = context
  return h(
    'ol.steps',
    ROUTE_STAGES.map((stage) => {
      const state = stateOf(route, stage)
      const isFault = state === 'broken' || state === 'weak'
      return h('li', { className: [state] }, [
        h('span.stage', texts.ui.stages[stage]),
        h('div.at', [
          ...contentOf(stage, route, pairs, context),
          isFault ? h('b.fault', words.state[state]) : null,
        ]),
      ])
    }),
  )
}

function stateOf({ outcome, stage }: Route, at: RouteStage): State {
  if (stage === null) return 'passed'
  const distance = ROUTE_STAGES.indexOf(at) - ROUTE_STAGES.indexOf(stage)
  if (distance === 0) return outcome === 'weakened' ? 'weak' : 'broken'
  return distance < 0 || outcome === 'weakened' ? 'passed' : 'unreached'
}

function contentOf(
  stage: RouteStage,
  route: Route,
  pairs: readonly RoutePair[],
  context: PageContext,
): ElementContent[] {
  const { anyUser } = context.texts.ui.route
  switch (stage) {
    case 'token':
      return tokenText(route, pairs, context)
    case 'user':
      return [route.user === null ? h('span.nothing', anyUser) : data(route.user)]
    case 'group':
      return [askedPart('group', pairs, context)]
    case 'model':
      return [askedPart('model', pairs, context)]
    case 'channel':
      return tierList(route, context)
    case 'price':
      return []
  }
}

function tokenText(
  { token, tokens }: Route,
  pairs: readonly RoutePair[],
  { words, texts }: PageContext,
): ElementContent[] {
  if (token !== null) {
    const name = token.name ? data(token.name) : h('span.nothing', words.namelessToken)
    return [name, h('small', [' #', data(token.id)])]
  }
  if (tokens === 0) return [h('span.nothing', texts.ui.route.noTokens)]
  const counts = pairs.map((pair) => pair.tokens)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const count = least === most ? String(least) : `${least}–${most}`
  const { one, many } = texts.ui.route.tokens
  return [h('span.for-tokens', filledPlain(count === '1' ? one : many, { count }))]
}
