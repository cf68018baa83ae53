import { readInteger } from './cell-numbers.ts'
import type { JsonOption, OptionFacts, TokenFacts, UserFacts } from './facts.ts'
import { splitList } from './lists.ts'
import { matchingModelName } from './model-names.ts'
import type { RoutingProfile } from './routing.ts'

/** Who asks for which model. */
export interface AccessRequest {
  readonly profile: RoutingProfile
  /** Null when only a group, or a user, is asked about. */
  readonly token: TokenFacts | null
  /** The token's owner; null when there is none that lives. */
  readonly user: UserFacts | null
  readonly options: OptionFacts
  /** Stands in for the token's own group; null leaves it. */
  readonly group: string | null
  readonly model: string
  readonly now: Date
}

export type AccessRule = 'T1' | 'T2' | 'T3' | 'T4' | 'T6' | 'U1' | 'G2' | 'G3' | 'G4' | 'G5'

export interface Refusal {
  readonly kind: 'refused'
  readonly rule: AccessRule
  /** HTTP status. */
  readonly status: number
  readonly stage: 'token' | 'user' | 'group' | 'model'
}

export interface Grant {
  readonly kind: 'granted'
  /** One group; for `auto` the groups that are tried, in their order. */
  readonly groups: readonly [string, ...string[]]
  readonly isAuto: boolean
  /** The token has no group of its own, so the user's counts. */
  readonly isFallback: boolean
}

export type Access = Grant | Refusal

const AUTO = 'auto'

/**
 * What the gateway decides before it looks for a channel, in its order (new-api
 * middleware/auth.go:210-285, middleware/distributor.go:56-80, service/channel_select.go:19-34):
 * the token, its owner, the group, the token's models, the groups of `auto`.
 */
export function grantAccess(request: AccessRequest): Access {
  const { token, user, options, profile, model, now } = request
  const own = ownGroup(request)
  const group = own === '' ? (user?.group ?? '') : own
  const refusal =
    (token === null ? null : (refuseToken(token, now) ?? refuseUser(user))) ??
    refuseGroup(options, user, own) ??
    (token === null || isInLimits(token, model, profile) ? null : refused('T6', 403, 'model'))
  if (refusal !== null) return refusal
  if (group === '') return refused('G2', 503, 'group')
  const isAuto = group === AUTO && profile.hasTokenGroups
  const candidates = isAuto ? usableAutoGroups(options, user?.group ?? '') : [group]
  const [first, ...others] = candidates
  if (first === undefined) return refused('G5', 503, 'group')
  return { kind: 'granted', groups: [first, ...others], isAuto, isFallback: own === '' }
}

/** Whether the time is over; -1 never ends, and NULL is read as 0, which is long ago. */
export function isExpired({ expiredTime }: TokenFacts, now: Date): boolean {
  const seconds = readInteger(expiredTime) ?? 0n
  return seconds !== -1n && seconds < BigInt(Math.floor(now.getTime() / 1000))
}

/** Whether no quota is left to a token that has a limit. */
export function isExhausted({ isUnlimited, remainQuota }: TokenFacts): boolean {
  return !isUnlimited && (readInteger(remainQuota) ?? 0n) <= 0n
}

/** Whether the token's own list of models, if it has one, has the model exactly. */
export function isInLimits(
  { limitsEnabled, limits }: TokenFacts,
  model: string,
  { hasModelWildcards }: Pick<RoutingProfile, 'hasModelWildcards'>,
): boolean {
  if (!limitsEnabled) return true
  const name = hasModelWildcards ? matchingModelName(model) : model
  return splitList(limits).includes(name)
}

/**
 * Groups that tokens of users of this group may have (new-api service/group.go:10-37). An option
 * that is not JSON is an empty one: the gateway empties it before it reads it.
 */
export function usableGroups(options: OptionFacts, userGroup: string): ReadonlySet<string> {
  const groups = new Set(valueOf(options.userUsableGroups, BUILT_IN_USABLE_GROUPS))
  if (userGroup === '') return groups
  const special = valueOf(options.specialGroups, new Map<string, ReadonlyMap<string, boolean>>())
  for (const [group, isAdded] of special?.get(userGroup) ?? []) {
    if (isAdded) groups.add(group)
    else groups.delete(group)
  }
  return groups.add(userGroup)
}

/** The groups that `auto` stands for, in the order in which they are tried. */
export function usableAutoGroups(options: OptionFacts, userGroup: string): string[] {
  const usable = usableGroups(options, userGroup)
  return (valueOf(options.autoGroups, ['default']) ?? []).filter((group) => usable.has(group))
}

/** Whether GroupRatio has the group. */
export function hasGroupRatio(options: OptionFacts, group: string): boolean {
  return valueOf(options.groupRatio, BUILT_IN_GROUP_RATIOS)?.has(group) ?? false
}

const BUILT_IN_USABLE_GROUPS: ReadonlySet<string> = new Set(['default', 'vip'])

const BUILT_IN_GROUP_RATIOS: ReadonlySet<string> = new Set(['default', 'vip', 'svip'])

function valueOf<T>(option: JsonOption<T>, builtIn: T): T | null {
  if (option.kind === 'value') return option.value
  return option.kind === 'absent' ? builtIn : null
}

function ownGroup({ profile, token, group }: AccessRequest): string {
  if (group !== null) return group
  return profile.hasTokenGroups ? (token?.group ?? '') : ''
}

function refuseToken(token: TokenFacts, now: Date): Refusal | null {
  if (!token.isKeyFindable) return refused('T1', 401, 'token')
  if (token.status !== '1') return refused('T2', 401, 'token')
  if (isExpired(token, now)) return refused('T3', 401, 'token')
  return isExhausted(token) ? refused('T4', 401, 'token') : null
}

function refuseUser(user: UserFacts | null): Refusal | null {
  if (user === null) return refused('U1', 500, 'user')
  return user.status === '1' ? null : refused('U1', 403, 'user')
}

/** Only a group of the token's own is checked, and only for somebody who has one. */
function refuseGroup(options: OptionFacts, user: UserFacts | null, own: string): Refusal | null {
  if (user === null || own === '') return null
  if (!usableGroups(options, user.group ?? '').has(own)) return refused('G3', 403, 'group')
  return own === AUTO || hasGroupRatio(options, own) ? null : refused('G4', 403, 'group')
}

function refused(rule: AccessRule, status: number, stage: Refusal['stage']): Refusal {
  return { kind: 'refused', rule, status, stage }
}
