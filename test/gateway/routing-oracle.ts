import type { ChannelFacts } from '../../src/gateway/facts.ts'

/**
 * The gateways' own choice, written down a second time and naively: their SQL against a database,
 * their loops word by word, and every random number that they could draw.
 */

/** Channel id to chance, tier by tier; or why there is none. */
export type Answer = readonly Readonly<Record<string, number>>[] | 'A1' | 'A2' | 'C1'

/** Runs one statement with `?` for its values; rows as arrays. */
export type Query = (text: string, values: readonly string[]) => Promise<unknown[][]>

const SAME = `"group" = ? and model = ? and enabled = TRUE_VALUE`

const FIRST = `select channel_id, weight from abilities where ${SAME}
  and priority = (select max(priority) from abilities where ${SAME})`

const PRIORITIES = `select distinct priority from abilities where ${SAME}
  and priority is not null order by priority desc`

const OF_PRIORITY = `select channel_id, weight from abilities where ${SAME}
  and priority = cast(? as bigint)`

const ANY = `select channel_id, weight from abilities where ${SAME}`

/** new-api model/ability.go: the first request, then the n-th priority for the n-th retry. */
export async function askAbilities(
  query: Query,
  isOneApi: boolean,
  group: string,
  model: string,
): Promise<Answer> {
  const pair = [group, model]
  const first = await query(FIRST, [...pair, ...pair])
  if (first.length === 0) return (await query(ANY, pair)).length === 0 ? 'A1' : 'A2'
  if (isOneApi) {
    const any = await query(ANY, pair)
    return [first, any].slice(0, any.length > first.length ? 2 : 1).map(drawAlike)
  }
  const answer = [drawSmoothed(first)]
  for (const [priority] of (await query(PRIORITIES, pair)).slice(1)) {
    answer.push(drawSmoothed(await query(OF_PRIORITY, [...pair, String(priority)])))
  }
  return answer
}

function drawAlike(rows: unknown[][]): Record<string, number> {
  return share(rows.map(([id]) => String(id)))
}

function drawSmoothed(rows: unknown[][]): Record<string, number> {
  const weights = rows.map(([, weight]) => Number(weight ?? 0) + 10)
  const drawn: string[] = []
  for (let number = 0; number < sum(weights); number++) {
    let left = number
    for (const [index, weight] of weights.entries()) {
      left -= weight
      if (left < 0) {
        drawn.push(String(rows[index]![0]))
        break
      }
    }
  }
  return share(drawn)
}

type Cache = Map<string, Map<string, ChannelFacts[]>>

/** What Go says when it writes into a map that is nil; the group is the one it was not made for. */
export class NilMap extends Error {
  readonly place: { readonly channelId: string; readonly group: string }

  constructor(channelId: string, group: string) {
    super('assignment to entry in nil map')
    this.place = { channelId, group }
  }
}

/** new-api model/channel_cache.go:21-86. @throws NilMap */
export function fillCache(channels: readonly ChannelFacts[], abilityGroups: Set<string>): Cache {
  const cache: Cache = new Map()
  for (const group of abilityGroups) cache.set(group, new Map())
  for (const channel of channels) {
    if (channel.status !== '1') continue
    for (const group of (channel.group ?? '').split(',')) {
      for (const model of (channel.models ?? '').split(',')) {
        const models = cache.get(group)
        if (models === undefined) throw new NilMap(channel.id, group)
        if (!models.has(model)) models.set(model, [])
        models.get(model)!.push(channel)
      }
    }
  }
  return cache
}

const WILDCARDS: Readonly<Record<string, string>> = { 'gpt-4-gizmo-x': 'gpt-4-gizmo-*' }

/** new-api model/channel_cache.go:96-187, one-api model/cache.go:228-255. */
export function askCache(cache: Cache, isOneApi: boolean, group: string, model: string): Answer {
  const exact = cache.get(group)?.get(model) ?? []
  if (isOneApi) return exact.length === 0 ? 'C1' : askOneApi(exact)
  const channels =
    exact.length > 0 ? exact : (cache.get(group)?.get(WILDCARDS[model] ?? model) ?? [])
  if (channels.length === 0) return 'C1'
  const priorities = [...new Set(channels.map(priorityOf))].toSorted((a, b) => b - a)
  return priorities.map((priority) =>
    drawWeighted(channels.filter((channel) => priorityOf(channel) === priority)),
  )
}

function drawWeighted(channels: readonly ChannelFacts[]): Record<string, number> {
  let total = sum(channels.map(weightOf))
  let factor = 1
  let adjustment = 0
  if (total === 0) {
    total = channels.length * 100
    adjustment = 100
  } else if (Math.floor(total / channels.length) < 10) factor = 100
  const drawn: string[] = []
  for (let number = 0; number < total * factor; number++) {
    let left = number
    for (const channel of channels) {
      left -= weightOf(channel) * factor + adjustment
      if (left < 0) {
        drawn.push(channel.id)
        break
      }
    }
  }
  return { ...Object.fromEntries(channels.map(({ id }) => [id, 0])), ...share(drawn) }
}

function askOneApi(stored: readonly ChannelFacts[]): Answer {
  const channels = stored.toSorted((a, b) => priorityOf(b) - priorityOf(a))
  let end = channels.length
  const first = channels[0]!
  if (priorityOf(first) > 0) {
    for (const [index, channel] of channels.entries()) {
      if (priorityOf(channel) !== priorityOf(first)) {
        end = index
        break
      }
    }
  }
  const parts = [channels.slice(0, end), channels.slice(end)]
  return parts.filter(({ length }) => length > 0).map((part) => share(part.map(({ id }) => id)))
}

function priorityOf({ priority }: ChannelFacts): number {
  return Number(priority ?? 0)
}

function weightOf({ weight }: ChannelFacts): number {
  return Number(weight ?? 0)
}

function share(drawn: readonly string[]): Record<string, number> {
  const shares: Record<string, number> = {}
  for (const id of drawn) shares[id] = (shares[id] ?? 0) + 1
  for (const id of Object.keys(shares)) shares[id] = shares[id]! / drawn.length
  return shares
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
