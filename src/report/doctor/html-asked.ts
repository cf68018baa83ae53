import type { Element } from 'hast'
import { h } from 'hastscript'
import { data } from '../drift/html-elements.ts'
import type { RoutePair } from './html-matrix-model.ts'
import type { PageContext } from './html-words.ts'

/**
 * The group or the model of a route. Where a panel is of several the first stands for all, until
 * the script puts the one here that was asked for.
 */
export function askedPart(
  part: 'group' | 'model',
  pairs: readonly RoutePair[],
  { texts }: PageContext,
): Element {
  const [first = null, ...rest] = new Set(pairs.map((pair) => pair[part]))
  if (first === null) return h('span.nothing', texts.ui.route.unknownGroup)
  const more = rest.length === 0 ? null : h('small', ` +${rest.length}`)
  return h('span', { className: [`for-${part}`] }, [data(first), more])
}
