import { baseUrlProblem } from '../gateway/channel-base-urls.ts'
import { ChannelCache } from '../gateway/channel-cache.ts'
import type { ChannelFacts, OptionFacts, UserFacts } from '../gateway/facts.ts'
import { isPriced } from '../gateway/prices.ts'
import {
  type CacheMode,
  type RoutingProfile,
  selectByAbilities,
  selectByChannels,
  type Selection,
  type Tier,
} from '../gateway/routing.ts'
import type { GatewayVersion } from '../gateway/versions.ts'
import type { Route, RouteTier } from './diagnosis.ts'
import { type Asked, type Request, requestsOf } from './requests.ts'
import type { RuleId } from './rule-table.ts'
import type { AbilityWorld } from './world.ts'

/** What routes are found in. */
interface Ways {
  readonly version: GatewayVersion | null
  readonly profile: RoutingProfile
  readonly channels: ReadonlyMap<string, ChannelFacts>
  readonly abilities: Pick<AbilityWorld, 'of'>
  readonly cache: ChannelCache
  readonly options: OptionFacts
}

/** The routes of every request that is asked about, in every mode. */
export function findRoutes(
  asked: Asked &
    Omit<Ways, 'cache'> & {
      readonly abilities: Pick<AbilityWorld, 'groups'>
      readonly modes: readonly CacheMode[]
    },
): Route[] {
  const { channels, abilities, profile, modes } = asked
  const cache = new ChannelCache(channels.values(), abilities.groups, profile)
  const requests = requestsOf(asked)
  return modes.flatMap((mode) =>
    requests.map((request) => findRoute({ ...asked, cache }, request, mode)),
  )
}

/** How one kind of request fares: its channels with their chances, or the first reason why not. */
function findRoute(ways: Ways, request: Request, mode: CacheMode): Route {
  const { access, token, user, model, tokens } = request
  const base = {
    mode,
    token: token === null ? null : { id: token.id, name: token.name },
    tokens,
    user: user?.name ?? null,
    group: access.kind === 'refused' ? askedGroup(request) : nameGroup(access),
    model,
    tiers: [],
  }
  if (access.kind === 'refused') {
    const { rule, status, stage } = access
    return { ...base, outcome: 'refused', rule, status, stage }
  }
  if (mode === 'cache-on' && ways.cache.crashes.length > 0) {
    return { ...base, outcome: 'crash', rule: 'A6', status: null, stage: 'channel' }
  }
  const selection = selectAmong(ways, access.groups, model, mode)
  if (selection.kind === 'none') {
    const rule = access.isAuto ? 'G5' : selection.rule
    return { ...base, outcome: 'refused', rule, status: 503, stage: 'model' }
  }
  const tiers = selection.tiers.map((tier) => describeTier(ways, tier, mode))
  return { ...base, tiers, ...judge(ways, tiers, request) }
}

/** The group that counted when it was refused; null where none did. */
function askedGroup({ access, token, user }: Request): string | null {
  if (access.kind === 'granted' || access.stage === 'token' || access.stage === 'user') return null
  return token?.group || (user?.group ?? null)
}

function nameGroup({ isAuto, groups }: { isAuto: boolean; groups: readonly string[] }): string {
  return isAuto ? 'auto' : (groups[0] ?? '')
}

/** The groups of `auto` are tried in their order. */
function selectAmong(
  ways: Ways,
  groups: readonly string[],
  model: string,
  mode: CacheMode,
): Selection {
  let first: Selection | null = null
  for (const group of groups) {
    const selection =
      mode === 'cache-off'
        ? selectByAbilities(ways.profile, ways.abilities.of(group, model))
        : selectByChannels(ways.profile, ways.cache.find(group, model))
    if (selection.kind === 'found') return selection
    first ??= selection
  }
  return first ?? { kind: 'none', rule: mode === 'cache-off' ? 'A1' : 'C1' }
}

function describeTier(ways: Ways, { priority, candidates }: Tier, mode: CacheMode): RouteTier {
  return {
    priority,
    channels: candidates.map(({ channelId, chance }) => {
      const channel = ways.channels.get(channelId) ?? null
      return {
        id: channelId,
        name: channel?.name ?? null,
        type: channel?.type ?? null,
        chance,
        fault: channelFault(ways, channel, mode),
      }
    }),
  }
}

/** Why a request fails at a channel that was picked; null when nothing is known against it. */
function channelFault(
  { version, profile }: Ways,
  channel: ChannelFacts | null,
  mode: CacheMode,
): RuleId | null {
  if (channel === null) return 'A3'
  // With the cache on the row was loaded, without the columns that follow the unreadable one.
  if (!channel.isInfoReadable && mode === 'cache-off') return 'C5'
  if (channel.misread.length > 0) return 'C11'
  if (channel.key === 'placeholder') return 'C13'
  if (!hasKey(profile, channel)) return 'C3'
  return baseUrlProblem(version, channel.type, channel.baseUrl) === null ? null : 'C4'
}

export function hasKey(
  { refusesDisabledKeys }: RoutingProfile,
  { key, keys }: ChannelFacts,
): boolean {
  if (key !== 'set') return false
  return keys === null || !refusesDisabledKeys || keys.disabled < keys.size
}

function hasNoQuota({ quota }: UserFacts): boolean {
  return Number(quota ?? '0') <= 0
}

/** Nothing of the row can be loaded, so the gateway takes it for "no channel". */
const UNLOADABLE: ReadonlySet<RuleId> = new Set(['A3', 'C5', 'C11'])

function judge(
  { options, profile }: Ways,
  tiers: readonly RouteTier[],
  { model, user }: Request,
): Pick<Route, 'outcome' | 'rule' | 'status' | 'stage'> {
  const used = tiers[0]!.channels.filter(({ chance }) => chance > 0)
  const faults = used.flatMap(({ fault }) => fault ?? [])
  const [fault = null] = faults
  if (fault !== null && faults.length === used.length) {
    const status = faults.every((rule) => UNLOADABLE.has(rule)) ? 503 : 500
    return { outcome: 'refused', rule: fault, status, stage: 'channel' }
  }
  // The last that is asked before the request is sent on.
  if (user !== null && hasNoQuota(user)) {
    return { outcome: 'refused', rule: 'U2', status: 403, stage: 'user' }
  }
  if (profile.unpricedStatus !== null && !isPriced(options, model, user)) {
    // Where the status is 500 only chat and images are refused; tasks get a default price.
    const outcome = profile.unpricedStatus === 400 ? 'refused' : 'weakened'
    const status = outcome === 'refused' ? profile.unpricedStatus : null
    return { outcome, rule: 'P1', status, stage: 'price' }
  }
  if (fault !== null) return { outcome: 'weakened', rule: fault, status: null, stage: 'channel' }
  return { outcome: 'served', rule: null, status: null, stage: null }
}
