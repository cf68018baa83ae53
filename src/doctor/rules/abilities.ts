import { ChannelCache } from '../../gateway/channel-cache.ts'
import { command } from '../commands.ts'
import type { Evidence, Repair } from '../diagnosis.ts'
import type { RuleId } from '../rule-table.ts'
import type { Rule, StaleAbilities, World } from '../world.ts'
import { concernedChannels, isAboutModels } from './concerned.ts'
import { abilitiesEvidence, routingEvidence, rowEvidence } from './evidence.ts'
import { channelsOf, nearChannels, routed, serves } from './pairs.ts'

/** Cache off: no enabled row. */
export const A1: Rule = (world) => {
  const { pairs, modes } = routed(world, ({ rule }) => rule === 'A1')
  if (pairs.length === 0) return null
  const near = nearChannels(world, pairs)
  const canServe = near.some(({ pair, channels }) => channels.some((one) => serves(one, pair)))
  return {
    facts: {},
    evidence: channelsOf(near).map(routingEvidence),
    pairs,
    modes,
    repair: canServe ? rebuild(world, 'A5') : { kind: 'advice' },
    explains: ['A4', 'A5'],
  }
}

/** Cache off: rows whose priority is NULL are never found. */
export const A2: Rule = (world) => {
  const { pairs, modes } = routed(world, ({ rule }) => rule === 'A2')
  if (pairs.length === 0) return null
  const rows = pairs.flatMap(({ group, model }) => world.abilities.of(group, model))
  return {
    facts: {},
    evidence: rows.map(({ group, model, channelId, enabled, priority }) =>
      rowEvidence('abilities', `${group}/${model}/${channelId}`, nameOf(world, channelId), {
        enabled,
        priority,
      }),
    ),
    pairs,
    modes,
    repair: rebuild(world, 'A2'),
    explains: ['A5'],
  }
}

/** Cache off: the channel of a row that is found does not exist. */
export const A3: Rule = (world) => {
  const orphans = new Set<string>()
  const { pairs, modes } = routed(world, ({ tiers }) => {
    const faulty = tiers.flatMap(({ channels }) => channels).filter(({ fault }) => fault === 'A3')
    for (const { id } of faulty) orphans.add(id)
    return faulty.length > 0
  })
  if (pairs.length === 0) return null
  return {
    facts: { channels: [...orphans].join(', ') },
    evidence: pairs
      .flatMap(({ group, model }) => world.abilities.of(group, model))
      .filter(({ channelId }) => orphans.has(channelId))
      .map(({ group, model, channelId, enabled }) =>
        rowEvidence('abilities', `${group}/${model}/${channelId}`, null, { enabled }),
      ),
    pairs,
    modes,
    repair: rebuild(world, 'A3'),
    explains: ['A5'],
  }
}

/** Differences in `enabled` alone. */
export const A4: Rule = (world) => {
  const stale = staleAbilities(world).filter(([, one]) => isSwitchOnly(one))
  if (stale.length === 0) return null
  return {
    facts: { rows: sum(stale.map(([, { enabledOnly }]) => enabledOnly)) },
    evidence: stale.map(([id, { enabledOnly }]) =>
      abilitiesEvidence(id, nameOf(world, id), {
        'channels.status': world.channels.get(id)?.status ?? null,
        update: String(enabledOnly),
      }),
    ),
    repair: rebuild(world, 'A4'),
  }
}

/** Any other difference, and rows of no channel. */
export const A5: Rule = (world) => {
  const stale = staleAbilities(world).filter(([, one]) => !isSwitchOnly(one))
  const orphans = isAboutModels(world) ? [] : [...world.abilities.orphans]
  if (stale.length + orphans.length === 0) return null
  const removed = stale.map(([, { remove }]) => remove)
  return {
    facts: {
      missing: sum(stale.map(([, { insert }]) => insert)),
      different: sum(stale.map(([, { update }]) => update)),
      leftOver: sum([...removed, ...orphans.map(([, rows]) => rows)]),
    },
    evidence: [
      ...stale.map(([id, changes]) => staleEvidence(world, id, changes)),
      ...orphans.map(([id, rows]) => abilitiesEvidence(id, null, { delete: String(rows) })),
    ],
    repair: rebuild(world, 'A5'),
  }
}

/** Cache on: the process ends at the next refresh. */
export const A6: Rule = (world) => {
  if (!world.modes.includes('cache-on')) return null
  const { channels, abilities, profile } = world
  const { crashes } = new ChannelCache(channels.values(), abilities.groups, profile)
  if (crashes.length === 0) return null
  const crashing = [...new Set(crashes.map(({ channelId }) => channels.get(channelId)!))]
  const groups = [...new Set(crashes.map(({ group }) => JSON.stringify(group)))]
  return {
    facts: { groups: groups.join(', ') },
    evidence: crashing.map(routingEvidence),
    pairs: routed(world, ({ rule }) => rule === 'A6').pairs,
    modes: ['cache-on'],
    repair: rebuild(world, 'A6'),
    explains: ['C2', 'A5', ...(isCauseOfA1(world, crashing) ? (['A1'] as const) : [])],
  }
}

/** SQLite: text or anything else where the gateway asks for 1. */
export const A7: Rule = (world) => {
  const concerned = isAboutModels(world) ? new Set(concernedChannels(world).map(idOf)) : null
  const misread = [...world.abilities.misread].filter(([id]) => concerned?.has(id) ?? true)
  if (misread.length === 0) return null
  const { pairs } = routed(world, ({ rule, group, model }) =>
    rule !== 'A1' || group === null
      ? false
      : world.abilities
          .of(group, model)
          .some(({ channelId }) => world.abilities.misread.has(channelId)),
  )
  return {
    severity: pairs.length > 0 ? 'error' : 'warning',
    facts: {
      value: [...new Set(misread.map(([, { value }]) => JSON.stringify(value)))].join(', '),
      rows: sum(misread.map(([, { rows }]) => rows)),
    },
    evidence: misread.map(([id, { rows, value }]) =>
      abilitiesEvidence(id, nameOf(world, id), { enabled: value, update: String(rows) }),
    ),
    pairs,
    repair: rebuild(world, 'A7'),
    explains: ['A1', 'A4', 'A5'],
  }
}

function rebuild(world: World, rule: RuleId): Repair {
  return command(world, `doctor --fix ${rule}`)
}

/** By channel id; the abilities of a channel that exists. */
function staleAbilities(world: World): [string, StaleAbilities][] {
  const { stale } = world.abilities
  return concernedChannels(world).flatMap(({ id }): [string, StaleAbilities][] => {
    const changes = stale.get(id)
    return changes === undefined ? [] : [[id, changes]]
  })
}

function isSwitchOnly({ insert, update, remove, enabledOnly }: StaleAbilities): boolean {
  return insert === 0 && remove === 0 && update === enabledOnly
}

function staleEvidence(world: World, id: string, changes: StaleAbilities): Evidence {
  return abilitiesEvidence(id, nameOf(world, id), {
    insert: String(changes.insert),
    update: String(changes.update),
    delete: String(changes.remove),
  })
}

function isCauseOfA1(world: World, crashing: readonly { readonly id: string }[]): boolean {
  const ids = new Set(crashing.map(idOf))
  const { pairs } = routed(world, ({ rule }) => rule === 'A1')
  return nearChannels(world, pairs).every(({ channels }) => channels.some(({ id }) => ids.has(id)))
}

function nameOf({ channels }: World, id: string): string | null {
  return channels.get(id)?.name ?? null
}

function idOf({ id }: { readonly id: string }): string {
  return id
}

function sum(numbers: readonly number[]): string {
  return String(numbers.reduce((total, number) => total + number, 0))
}
