import type { Catalog, UnfitValue } from '../database/contract.ts'
import type { ChannelFacts } from '../gateway/facts.ts'
import { splitList } from '../gateway/lists.ts'

/** Names in the lists of channels that are longer than their abilities can hold. */
export function longNames(channels: Iterable<ChannelFacts>, catalog: Catalog): UnfitValue[] {
  const abilities = catalog.get('abilities')
  const limits = {
    models: abilities?.get('model')?.maxLength ?? null,
    group: abilities?.get('group')?.maxLength ?? null,
  }
  return [...channels].flatMap((channel) => [
    ...longIn(channel, 'models', limits.models),
    ...longIn(channel, 'group', limits.group),
  ])
}

function longIn(
  channel: ChannelFacts,
  column: 'models' | 'group',
  limit: number | null,
): UnfitValue[] {
  const text = channel[column] ?? ''
  if (limit === null || text.length <= limit) return []
  const lengths = splitList(text).map((name) => [...name].length)
  const length = Math.max(...lengths)
  if (length <= limit) return []
  return [{ table: 'channels', row: channel.id, column, problem: 'too-long', limit, length }]
}
