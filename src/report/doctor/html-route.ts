import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Route } from '../../doctor/diagnosis.ts'
import { data } from '../drift/html-elements.ts'
import { askedPart } from './html-asked.ts'
import { outcomeText, signOf } from './html-matrix.ts'
import type { RoutePair, RoutePanel } from './html-matrix-model.ts'
import { causeBox } from './html-route-cause.ts'
import { routeSteps } from './html-route-steps.ts'
import { filled, type PageContext } from './html-words.ts'

/** What a cell opens. The browser opens and closes it, also without the script. */
export function routePanel({ id, routes, pairs }: RoutePanel, context: PageContext): Element {
  const { words, texts } = context
  const close = {
    type: 'button',
    className: ['close'],
    popoverTarget: id,
    popoverTargetAction: 'hide',
    ariaLabel: words.close,
  }
  return h(`div#${id}.route`, { popover: 'auto', role: 'dialog', ariaLabel: words.route }, [
    h('div.route-head', [
      h('h3', [
        askedPart('group', pairs, context),
        h('span.times', '×'),
        askedPart('model', pairs, context),
      ]),
      h('small', texts.ui.modes[routes[0].mode]),
      h('button', close, '✕'),
    ]),
    ...routes.map((route) => routeStory(route, pairs, context)),
  ])
}

/** One route from its token to its channels, where it breaks, and what to do about that. */
export function routeStory(
  route: Route,
  pairs: readonly RoutePair[],
  context: PageContext,
): Element {
  return h('section.story', [
    h('p.outcome', [
      h('span.cell', { className: [route.outcome] }, signOf(route)),
      h('b', outcomeText({ ...route, rule: null }, context)),
      h('span', noteOf(route, context)),
    ]),
    routeSteps(route, pairs, context),
    route.rule === null ? null : causeBox(route.rule, context),
    pairs.length > 1 ? alike(pairs, context) : null,
  ])
}

/** What the caller's status says, else what the outcome means. */
function noteOf({ outcome, status }: Route, { words, texts }: PageContext): string {
  const statuses: Readonly<Record<string, string>> = texts.ui.statuses
  return statuses[String(status)] ?? words.outcomeNote[outcome]
}

/** So many are listed. */
const LISTED_PAIRS = 200

function alike(pairs: readonly RoutePair[], { words, texts }: PageContext): ElementContent {
  const rest = pairs.length - LISTED_PAIRS
  return h('details.same', [
    h('summary', filled(words.sameRoute, { pairs: String(pairs.length) })),
    h('ul', [
      ...pairs
        .slice(0, LISTED_PAIRS)
        .map(({ group, model }) =>
          h(
            'li',
            [group === null ? null : [data(group), h('span.times', '×')], data(model)].flat(),
          ),
        ),
      rest > 0 ? h('li', filled(texts.ui.finding.more, { count: String(rest) })) : null,
    ]),
  ])
}
