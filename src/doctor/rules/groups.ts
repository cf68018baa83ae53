import { hasGroupRatio, usableAutoGroups, usableGroups } from '../../gateway/access.ts'
import type { TokenFacts, UserFacts } from '../../gateway/facts.ts'
import type { Evidence, Facts } from '../diagnosis.ts'
import type { Rule, World } from '../world.ts'
import {
  accessFinding,
  isNarrowed,
  nameList,
  tokenEvidence,
  userEvidence,
} from './access-finding.ts'
import { routed } from './pairs.ts'

/** A token with its user, and the group that it asks for. */
interface Use {
  readonly token: TokenFacts
  readonly user: UserFacts
  /** '' falls back to the user's. */
  readonly tokenGroup: string
  readonly userGroup: string
}

/** Tokens without a group that use their user's. */
export const G1: Rule = (world) => {
  if (!world.profile.hasTokenGroups) return null
  const uses = fallbacks(world).filter(({ userGroup }) => userGroup !== '')
  return accessFinding(world, 'G1', {
    rows: uses,
    evidence: useEvidence,
    facts: countOf(uses, ({ userGroup }) => userGroup),
    otherwise: 'info',
  })
}

/** Neither token nor user has a group. */
export const G2: Rule = (world) => {
  const empty = fallbacks(world).filter(({ userGroup }) => userGroup === '')
  const users = usersOf(empty)
  return accessFinding(world, 'G2', {
    rows: users,
    evidence: (user) => userEvidence(user, { group: user.group }),
    facts: { users: String(users.length) },
    statement: ({ id }) => `update users set "group" = 'default' where id = ${id}`,
    otherwise: 'warning',
  })
}

/** The token's group is none that its user may use. */
export const G3: Rule = (world) => {
  if (world.options.userUsableGroups.kind === 'invalid') return null
  const uses = usesOf(world).filter(
    ({ tokenGroup, userGroup }) =>
      tokenGroup !== '' && !usableGroups(world.options, userGroup).has(tokenGroup),
  )
  return tokenGroupFinding(world, 'G3', uses)
}

/** The token's group has no ratio. */
export const G4: Rule = (world) => {
  if (world.options.groupRatio.kind === 'invalid') return null
  const uses = usesOf(world).filter(
    ({ tokenGroup }) =>
      tokenGroup !== '' && tokenGroup !== 'auto' && !hasGroupRatio(world.options, tokenGroup),
  )
  return tokenGroupFinding(world, 'G4', uses)
}

/** `auto` leads nowhere. */
export const G5: Rule = (world) => {
  const { autoGroups } = world.options
  if (autoGroups.kind === 'invalid') return null
  const refused = routed(world, ({ rule }) => rule === 'G5').pairs
  const uses = usesOf(world).filter(
    (use) => use.tokenGroup === 'auto' && (refused.length > 0 || triedBy(world, use).length === 0),
  )
  return accessFinding(world, 'G5', {
    rows: uses,
    evidence: useEvidence,
    facts: {
      tokens: String(uses.length),
      groups: nameList(uses.flatMap((use) => triedBy(world, use))),
      models: nameList(refused.map(({ model }) => model)),
    },
    otherwise: 'warning',
  })
}

/** A user's group that requests are billed in has no ratio. */
export const G6: Rule = (world) => {
  if (world.options.groupRatio.kind === 'invalid') return null
  const unrated = fallbacks(world).filter(
    ({ userGroup }) => userGroup !== '' && !hasGroupRatio(world.options, userGroup),
  )
  return accessFinding(world, 'G6', {
    rows: usersOf(unrated),
    evidence: (user) => userEvidence(user, { group: user.group }),
    facts: { groups: nameList(unrated.map(({ userGroup }) => userGroup)) },
    otherwise: 'warning',
  })
}

function usesOf(world: World): Use[] {
  return world.tokens.flatMap((token) => {
    const user = world.users.get(token.userId ?? '')
    if (user === undefined) return []
    const asked = isNarrowed(world) ? world.scope.group : null
    const tokenGroup = asked ?? token.group ?? ''
    return [{ token, user, tokenGroup, userGroup: user.group ?? '' }]
  })
}

function fallbacks(world: World): Use[] {
  return usesOf(world).filter(({ tokenGroup }) => tokenGroup === '')
}

function usersOf(uses: readonly Use[]): UserFacts[] {
  return [...new Set(uses.map(({ user }) => user))]
}

function triedBy({ options }: World, { userGroup }: Use): readonly string[] {
  return usableAutoGroups(options, userGroup)
}

function tokenGroupFinding(world: World, rule: 'G3' | 'G4', uses: readonly Use[]) {
  return accessFinding(world, rule, {
    rows: uses,
    evidence: useEvidence,
    facts: countOf(uses, ({ tokenGroup }) => tokenGroup),
    // A group that the run asks about is not the token's own.
    statement: ({ token }) =>
      world.scope.group === null ? `update tokens set "group" = '' where id = ${token.id}` : null,
    otherwise: 'warning',
  })
}

function useEvidence({ token, user }: Use): Evidence {
  return tokenEvidence(token, { group: token.group, 'users.group': user.group })
}

function countOf(uses: readonly Use[], groupOf: (use: Use) => string): Facts {
  return { tokens: String(uses.length), groups: nameList(uses.map(groupOf)) }
}
