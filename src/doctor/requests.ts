import { grantAccess, isExhausted, isExpired, type Access } from '../gateway/access.ts'
import type { OptionFacts, TokenFacts, UserFacts } from '../gateway/facts.ts'
import type { RoutingProfile } from '../gateway/routing.ts'
import type { Scope } from './diagnosis.ts'
import type { DeclaredChannelFacts } from './world.ts'

/** One question: what happens to requests of this kind for this model? */
export interface Request {
  readonly model: string
  readonly access: Access
  /** Null where it stands for many tokens, or for none. */
  readonly token: TokenFacts | null
  readonly user: UserFacts | null
  /** Enabled tokens whose requests these are. */
  readonly tokens: number
}

export interface Asked {
  readonly scope: Scope
  readonly models: readonly string[]
  readonly tokens: readonly TokenFacts[]
  readonly users: ReadonlyMap<string, UserFacts>
  readonly options: OptionFacts
  readonly declared: readonly DeclaredChannelFacts[]
  readonly profile: RoutingProfile
  readonly now: Date
}

/**
 * The requests that the scope means: those of its tokens one by one; of a group that it names; else
 * of every group that an enabled token has, and of the groups in which seeds declare channels.
 */
export function requestsOf(asked: Asked): Request[] {
  const { scope, models } = asked
  if (scope.token !== null || scope.user !== null) {
    return asked.tokens.flatMap((token) => models.map((model) => tokenRequest(asked, token, model)))
  }
  if (scope.group !== null) return models.map((model) => groupRequest(asked, scope.group!, model))
  const kinds = kindsOf(asked)
  return models.flatMap((model) => groupsAsking(asked, kinds, model))
}

function tokenRequest(asked: Asked, token: TokenFacts, model: string): Request {
  const user = asked.users.get(token.userId ?? '') ?? null
  const { group } = asked.scope
  return {
    model,
    access: grantAccess({ ...asked, token, user, group, model }),
    token,
    user,
    tokens: 1,
  }
}

function groupRequest(asked: Asked, group: string, model: string): Request {
  const access = grantAccess({ ...asked, token: null, user: null, group, model })
  return { model, access, token: null, user: null, tokens: 0 }
}

/** Tokens that access is granted to alike, whatever the model. */
interface TokenKind {
  /** One of them. */
  readonly token: TokenFacts
  readonly tokens: number
}

function kindsOf({ tokens, now }: Asked): readonly TokenKind[] {
  const kinds = new Map<string, TokenKind>()
  for (const token of tokens) {
    const { userId, status, group, limitsEnabled, limits, isKeyFindable } = token
    const state = [status, isExpired(token, now), isExhausted(token), isKeyFindable]
    const key = JSON.stringify([userId, group, limitsEnabled, limits, ...state])
    const before = kinds.get(key)
    kinds.set(key, { token, tokens: (before?.tokens ?? 0) + 1 })
  }
  return [...kinds.values()]
}

/** Tokens that are refused before a channel is looked for are not among them. */
function groupsAsking(asked: Asked, kinds: readonly TokenKind[], model: string): Request[] {
  const requests = new Map<string, Request>()
  for (const { token, tokens } of kinds) {
    const { access } = tokenRequest(asked, token, model)
    if (access.kind === 'refused') continue
    const key = JSON.stringify([access.isAuto, access.groups])
    const before = requests.get(key)?.tokens ?? 0
    requests.set(key, { model, access, token: null, user: null, tokens: before + tokens })
  }
  for (const { groups, models } of asked.declared) {
    if (!models.includes(model)) continue
    for (const group of groups) {
      const key = JSON.stringify([false, [group]])
      if (!requests.has(key)) requests.set(key, groupRequest(asked, group, model))
    }
  }
  return [...requests.values()]
}
