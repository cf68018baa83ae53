import { channelTypeName } from '../gateway/channel-types.ts'
import type { Finding, GatewaySummary, Route, Verdict } from './diagnosis.ts'
import { SEVERITIES, type Severity } from './rule-table.ts'
import { listsOneOf } from './rules/concerned.ts'
import type { World } from './world.ts'

/** The two numbers that the fork's users mean by Bltcy; what they mean here is always said. */
const MISTAKEN_TYPES = ['37', '55']

export function gatewaySummary(world: World): GatewaySummary | null {
  const { version, channels, declared } = world
  if (version === null) return null
  const types = new Set([...declared.map(({ type }) => type), ...MISTAKEN_TYPES])
  const counts = new Map<string, number>()
  for (const channel of channels.values()) {
    const type = channel.type ?? ''
    counts.set(type, (counts.get(type) ?? 0) + 1)
    if (listsOneOf(channel, world.models)) types.add(type)
  }
  return {
    version: version.label,
    evidence: version.evidence,
    types: [...types]
      .toSorted((a, b) => Number(a) - Number(b))
      .map((number) => ({
        number,
        meaning: channelTypeName(version, Number(number)),
        channels: counts.get(number) ?? 0,
      })),
  }
}

export function verdictOf(
  findings: readonly Finding[],
  routes: readonly Route[],
  failOn: Severity,
): Verdict {
  const counts = Object.fromEntries(
    SEVERITIES.map((severity) => [
      severity,
      findings.filter((one) => one.severity === severity).length,
    ]),
  ) as Record<Severity, number>
  const limit = SEVERITIES.indexOf(failOn)
  const isBad = ({ outcome }: Route) => outcome === 'refused' || outcome === 'crash'
  return {
    status: counts.critical + counts.error > 0 ? 'unhealthy' : 'healthy',
    counts,
    failing: findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit),
    pairs: countPairs(routes),
    unroutable: countPairs(routes.filter(isBad)),
  }
}

function countPairs(routes: readonly Route[]): number {
  return new Set(routes.map(({ group, model, token }) => JSON.stringify([token?.id, group, model])))
    .size
}
