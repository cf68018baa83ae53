import { isExhausted, isExpired, isInLimits } from '../../gateway/access.ts'
import type { TokenFacts } from '../../gateway/facts.ts'
import { cleanList, isPadded, joinList, splitList } from '../../gateway/lists.ts'
import { matchingModelName } from '../../gateway/model-names.ts'
import { sqlText } from '../commands.ts'
import { EVIDENCE_LIMIT } from '../diagnosis.ts'
import type { Rule, World } from '../world.ts'
import { accessFinding, nameList, tokenEvidence } from './access-finding.ts'

/** The key is none that can be found. */
export const T1: Rule = (world) => {
  const tokens = world.tokens.filter(({ isKeyFindable }) => !isKeyFindable)
  return accessFinding(world, 'T1', {
    rows: tokens,
    evidence: (token) => tokenEvidence(token, {}),
    facts: countOf(tokens),
    otherwise: 'warning',
  })
}

/** Not enabled. */
export const T2: Rule = (world) => {
  const tokens = world.tokens.filter(({ status }) => status !== '1')
  return accessFinding(world, 'T2', {
    rows: tokens,
    evidence: (token) => tokenEvidence(token, { status: token.status }),
    facts: countOf(tokens),
    statement: ({ id }) => `update tokens set status = 1 where id = ${id}`,
    otherwise: 'info',
  })
}

/** Expired. */
export const T3: Rule = (world) => {
  const tokens = world.tokens.filter((token) => isExpired(token, world.now))
  return accessFinding(world, 'T3', {
    rows: tokens,
    evidence: (token) => tokenEvidence(token, { expired_time: token.expiredTime }),
    facts: countOf(tokens),
    statement: ({ id }) => `update tokens set expired_time = -1 where id = ${id}`,
    otherwise: 'info',
  })
}

/** No quota left. */
export const T4: Rule = (world) => {
  const tokens = world.tokens.filter(isExhausted)
  return accessFinding(world, 'T4', {
    rows: tokens,
    evidence: (token) =>
      tokenEvidence(token, { remain_quota: token.remainQuota, unlimited_quota: 'false' }),
    facts: countOf(tokens),
    otherwise: 'info',
  })
}

/** Only some addresses may use it. */
export const T5: Rule = (world) => {
  const column = columnOf(world, 'allow_ips', 'subnet')
  const tokens = world.tokens.filter((token) => addressesOf(token).length > 0)
  const ignored = tokens.flatMap(addressesOf).filter((address) => address.includes('/'))
  const ignoresRanges = column === 'allow_ips' && !world.profile.readsIpRanges
  return accessFinding(world, 'T5', {
    rows: tokens,
    evidence: (token) => tokenEvidence(token, { [column]: token.allowIps }),
    facts: { ...countOf(tokens), ranges: String(ignoresRanges ? ignored.length : 0) },
    otherwise: 'warning',
  })
}

/** Its list of models has not the model asked for. */
export const T6: Rule = (world) => {
  const column = columnOf(world, 'model_limits', 'models')
  const missing = (token: TokenFacts) => modelsOutside(world, token)
  const tokens = world.tokens.filter((token) =>
    world.models.some((model) => !isInLimits(token, model, world.profile)),
  )
  return accessFinding(world, 'T6', {
    rows: tokens,
    evidence: (token) => tokenEvidence(token, { [column]: token.limits }),
    facts: {
      ...countOf(tokens),
      models: nameList(tokens.slice(0, EVIDENCE_LIMIT).flatMap(missing)),
    },
    statement: (token) =>
      limitsStatement(token, column, [...cleanList(token.limits), ...missing(token)]),
    otherwise: 'info',
  })
}

/** Its list of models has blanks or empty elements. */
export const T7: Rule = (world) => {
  const column = columnOf(world, 'model_limits', 'models')
  const tokens = world.tokens.filter(hasMalformedLimits)
  return accessFinding(world, 'T7', {
    rows: tokens,
    evidence: (token) => tokenEvidence(token, { [column]: token.limits }),
    facts: countOf(tokens),
    statement: (token) => limitsStatement(token, column, cleanList(token.limits)),
    otherwise: 'warning',
  })
}

/** By the names that the gateway looks for in the list. */
function modelsOutside({ models, profile }: World, token: TokenFacts): string[] {
  return models
    .filter((model) => !isInLimits(token, model, profile))
    .map((model) => (profile.hasModelWildcards ? matchingModelName(model) : model))
}

function countOf(tokens: readonly TokenFacts[]): { readonly tokens: string } {
  return { tokens: String(tokens.length) }
}

/** one-api names them otherwise; an upgraded database has both and uses the newer one. */
function columnOf({ catalog }: World, column: string, oneApiColumn: string): string {
  return catalog.get('tokens')?.has(column) === true ? column : oneApiColumn
}

/** As the gateway splits them: one in a line, or separated by commas in one-api. */
function addressesOf({ allowIps }: TokenFacts): string[] {
  const addresses = (allowIps ?? '').split(/[\n,]/).map((address) => address.trim())
  return addresses.filter((address) => address !== '')
}

function hasMalformedLimits({ limitsEnabled, limits }: TokenFacts): boolean {
  if (!limitsEnabled || limits === null || limits === '') return false
  return splitList(limits).some((element) => element === '' || isPadded(element))
}

function limitsStatement({ id }: TokenFacts, column: string, models: readonly string[]): string {
  const list = joinList([...new Set(models)])
  return `update tokens set ${column} = ${sqlText(list)} where id = ${id}`
}
