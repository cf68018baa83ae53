import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Route, RouteTier } from '../../doctor/diagnosis.ts'
import { data } from '../drift/html-elements.ts'
import { ruleLink } from './html-rule.ts'
import { filled, type PageContext } from './html-words.ts'

/** Channels by priority, each with the chance that a request gets it. */
export function tierList({ tiers, outcome, stage }: Route, context: PageContext): ElementContent[] {
  if (tiers.length > 0) {
    const items = tiers.map((tier, index) => tierItem(tier, index, context))
    return [h('ol.tiers', items)]
  }
  const isSought = outcome === 'refused' && (stage === 'model' || stage === 'channel')
  return isSought ? [h('span.nothing', context.texts.ui.route.noChannel)] : []
}

function tierItem({ priority, channels }: RouteTier, index: number, context: PageContext): Element {
  const { first, retry } = context.texts.ui.route
  return h('li', { className: index === 0 ? [] : ['retry'] }, [
    h('p', filled(index === 0 ? first : retry, { priority })),
    h(
      'ul',
      channels.map((channel) => channelItem(channel, context)),
    ),
  ])
}

function channelItem(channel: RouteTier['channels'][number], context: PageContext): Element {
  const { id, name, type, chance, fault } = channel
  const words = context.texts.ui.route
  const isMissing = name === null && type === null
  return h('li', { className: fault === null ? [] : ['faulty'] }, [
    h('span', [
      isMissing ? h('span.nothing', words.noSuchChannel) : data(name ?? ''),
      h('small', [
        ' #',
        data(id),
        ...(type === null ? [] : [' ', ...filled(words.type, { type })]),
      ]),
    ]),
    h('meter', { max: 1, value: chance, ariaHidden: 'true' }),
    h('span.chance', percent(chance)),
    fault === null ? null : ruleLink(fault, context),
  ])
}

/** `25%`; what is possible is never shown as nothing, nor what is not sure as all. */
function percent(chance: number): string {
  const whole = Math.round(chance * 100)
  if (whole === 0 && chance > 0) return '<1%'
  return whole === 100 && chance < 1 ? '>99%' : `${whole}%`
}
