import { baseUrlProblem } from '../gateway/channel-base-urls.ts'
import type { ChannelFacts } from '../gateway/facts.ts'
import { joinList, splitList } from '../gateway/lists.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { describeParts } from './connection.ts'
import type { Check, CheckId, Facts, Finding } from './diagnosis.ts'
import { hasKey } from './routes.ts'
import type { RuleId } from './rule-table.ts'
import {
  availableConnections,
  isNearlyFull,
  isOversized,
  isSlow,
  maxOpen,
  POOL_DEFAULTS,
  SLOW_MS,
} from './rules/limits.ts'
import type { DeclaredChannelFacts, World } from './world.ts'

/**
 * The questions of the incident's guide, answered for each declared channel and for the database.
 * Of the rules that say more, those that found something.
 */
export function guideChecks(world: World, findings: readonly Pick<Finding, 'rule'>[]): Check[] {
  const found = new Set(findings.map(({ rule }) => rule))
  const channels = world.declared.flatMap((declared) => channelChecks(world, declared))
  return [
    ...(channels.length > 0 ? channels : [undeclaredCheck(world)]),
    connectionCheck(world),
    poolCheck(world),
    reloadCheck(world),
  ].map((check) => ({ ...check, rules: check.rules.filter((rule) => found.has(rule)) }))
}

function channelChecks(world: World, declared: DeclaredChannelFacts): Check[] {
  const { name: subject, type, typeMeaning } = declared
  const enabled = enabledChannels(world).filter((channel) => channel.type === type).length
  const number = answer('channels', enabled > 0, {
    subject,
    facts: { type, meaning: typeMeaning ?? '?', enabled: String(enabled) },
    rules: ['B1', 'B3', 'C7', 'C10'],
  })
  const channel = world.channels.get(declared.channelId ?? '')
  const checks =
    channel === undefined
      ? ROW_CHECKS.map((id) => ({ ...notKnown(id), subject }))
      : rowChecks(world, declared, channel)
  return [number, ...checks]
}

const ROW_CHECKS = ['status', 'base-url', 'key', 'models'] as const satisfies readonly CheckId[]

function rowChecks(world: World, declared: DeclaredChannelFacts, channel: ChannelFacts): Check[] {
  const { name: subject } = declared
  const { type, baseUrl, status, id } = channel
  const listed = new Set(splitList(channel.models))
  const missing = declared.models.filter((model) => !listed.has(model))
  return [
    answer('status', status === '1', {
      subject,
      facts: { id, status: status ?? 'NULL' },
      rules: ['B2', 'C7'],
    }),
    answer('base-url', baseUrlProblem(world.version, type, baseUrl) === null, {
      subject,
      facts: { type: type ?? 'NULL', baseUrl: baseUrl === null ? 'NULL' : quoted(baseUrl) },
      rules: ['C4'],
    }),
    answer('key', hasKey(world.profile, channel), { subject, facts: {}, rules: ['C3', 'C13'] }),
    answer('models', missing.length === 0, {
      subject,
      facts: { models: joinList(declared.models), missing: joinList(missing) },
      rules: ['B2', 'C2'],
    }),
  ]
}

/** No seed says which type is meant. */
function undeclaredCheck(world: World): Check {
  const facts = { enabled: String(enabledChannels(world).length) }
  return { id: 'channels', result: 'info', subject: null, facts, rules: [] }
}

function connectionCheck({ connection }: World): Check {
  if (connection === null) return notKnown('connection')
  const { samples, medianMs } = connection
  return answer('connection', !isSlow(connection), {
    subject: null,
    facts: {
      samples: String(samples.length),
      median: String(Math.round(medianMs)),
      limit: String(SLOW_MS),
      parts: describeParts(connection.median),
    },
    rules: ['N1'],
  })
}

function poolCheck({ pool }: World): Check {
  if (pool === null) return notKnown('pool')
  return answer('pool', !isOversized(pool) && !isNearlyFull(pool), {
    subject: null,
    facts: {
      maxIdle: String(pool.maxIdle ?? POOL_DEFAULTS.maxIdle),
      maxOpen: String(maxOpen(pool)),
      lifetime: String(pool.maxLifetimeSeconds ?? POOL_DEFAULTS.maxLifetimeSeconds),
      available: String(availableConnections(pool)),
      serverMax: String(pool.serverMax),
      inUse: String(pool.inUse),
    },
    rules: ['N2', 'N3'],
  })
}

function reloadCheck({ visibility }: World): Check {
  const { isCached, channelSeconds, syncSeconds } = visibility
  if (isCached === false) return { ...notKnown('reload'), result: 'ok' }
  const facts = { seconds: String(channelSeconds ?? syncSeconds) }
  return { ...notKnown('reload'), facts, rules: ['K1'] }
}

interface Answer {
  readonly subject: string | null
  readonly facts: Facts
  /** What says more when it failed. */
  readonly rules: readonly RuleId[]
}

function answer(id: CheckId, isOk: boolean, { subject, facts, rules }: Answer): Check {
  const result = isOk ? 'ok' : 'failed'
  return { id, result, subject, facts, rules: isOk ? [] : rules }
}

function notKnown(id: CheckId): Check {
  return { id, result: 'info', subject: null, facts: {}, rules: [] }
}

function enabledChannels({ channels }: World): ChannelFacts[] {
  return [...channels.values()].filter(({ status }) => status === '1')
}

function quoted(text: string): string {
  return JSON.stringify(hideSecrets(text))
}
