import { baseUrlProblem } from '../../gateway/channel-base-urls.ts'
import { cleanList } from '../../gateway/lists.ts'
import { hideSecrets } from '../../gateway/secret-scan.ts'
import { shellWord } from '../../shell-word.ts'
import { command } from '../commands.ts'
import type { Pair, Repair } from '../diagnosis.ts'
import { hasKey } from '../routes.ts'
import type { DeclaredChannelFacts, Rule, World } from '../world.ts'
import { isAboutModels } from './concerned.ts'
import { channelEvidence, routingEvidence } from './evidence.ts'
import { unservedPairs } from './pairs.ts'

/** No row. */
export const B1: Rule = (world) => {
  const missing = concernedDeclared(world).filter(
    ({ channelId, identity }) => channelId === null && identity === null,
  )
  if (missing.length === 0) return null
  return {
    facts: { channels: missing.map(nameOf).join(', ') },
    evidence: [],
    rows: missing.length,
    pairs: unservedDeclared(world, missing),
    repair: command(world, 'seed apply'),
    explains: ['A1', 'C1'],
  }
}

/** Another row than declared. */
export const B2: Rule = (world) => {
  const changed = concernedDeclared(world)
    .map((declared) => ({ declared, changes: ownChanges(world, declared) }))
    .filter(({ changes }) => changes.length > 0)
  if (changed.length === 0) return null
  const pairs = unservedDeclared(
    world,
    changed.map(({ declared }) => declared),
  )
  const columns = changed.flatMap(({ changes }) => changes.map(({ column }) => column))
  return {
    severity: columns.some((column) => DECISIVE.has(column)) ? 'error' : 'warning',
    facts: { changes: changed.map(describeChanges).join('; ') },
    evidence: changed.flatMap(({ declared, changes }) => {
      const channel = world.channels.get(declared.channelId!)
      const cells = Object.fromEntries(changes.map(({ column, before }) => [column, before]))
      return channel === undefined ? [] : [channelEvidence(channel, cells)]
    }),
    pairs,
    repair: command(world, 'seed apply'),
    explains: ['A1', 'C1', 'A4', 'A5'],
  }
}

/** Rows that could be it, and none that certainly is. */
export const B3: Rule = (world) => {
  const unclear = concernedDeclared(world).filter(({ identity }) => identity !== null)
  if (unclear.length === 0) return null
  const candidates = unclear.flatMap(({ identity }) => identity!.candidates)
  return {
    facts: { channels: unclear.map(nameOf).join(', ') },
    evidence: [...new Set(candidates)]
      .flatMap((id) => world.channels.get(id) ?? [])
      .map((channel) => ({
        ...routingEvidence(channel),
        cells: [{ column: 'type', value: channel.type }, ...routingEvidence(channel).cells],
      })),
    pairs: unservedDeclared(world, unclear),
    repair: adoption(world, unclear),
    explains: ['A1', 'C1', 'C2', 'A5'],
  }
}

/** A request fails without them, or goes somewhere else. */
const DECISIVE: ReadonlySet<string> = new Set([
  'type',
  'status',
  'key',
  'base_url',
  'models',
  'group',
])

type Change = DeclaredChannelFacts['changes'][number]

/** Changes that no rule about the row itself already says in better words. */
function ownChanges(world: World, { channelId, changes }: DeclaredChannelFacts): Change[] {
  const channel = world.channels.get(channelId ?? '')
  return changes.filter(({ column, before, after }) => {
    if (column === 'models' || column === 'group') return !isPaddingOnly(before, after)
    if (channel === undefined) return true
    if (column === 'key') return hasKey(world.profile, channel)
    if (column !== 'base_url') return true
    return baseUrlProblem(world.version, channel.type, channel.baseUrl) === null
  })
}

function isPaddingOnly(before: string | null, after: string | null): boolean {
  const meant = new Set(cleanList(before))
  return cleanList(after).every((element) => meant.has(element))
}

function describeChanges(changed: {
  readonly declared: DeclaredChannelFacts
  readonly changes: readonly Change[]
}): string {
  const list = changed.changes.map(
    ({ column, before, after }) => `${column} ${shown(before)} → ${shown(after)}`,
  )
  return `${nameOf(changed.declared)}: ${list.join(', ')}`
}

function shown(value: string | null): string {
  return value === null ? 'NULL' : JSON.stringify(hideSecrets(value))
}

function nameOf({ name, seed }: DeclaredChannelFacts): string {
  return `${hideSecrets(name)} (${seed})`
}

/** Only where one row is in question; else a person has to say which. */
function adoption(world: World, unclear: readonly DeclaredChannelFacts[]): Repair {
  const adoptions = unclear.map(({ seed, identity }) => [seed, ...identity!.candidates])
  if (adoptions.some(({ length }) => length !== 2)) return { kind: 'advice' }
  if (new Set(adoptions.map(([seed]) => seed)).size < adoptions.length) return { kind: 'advice' }
  const flags = adoptions.map(([seed, id]) => `--adopt ${shellWord(seed!)}=${id}`)
  return command(world, `seed apply ${flags.join(' ')}`)
}

function concernedDeclared(world: World): readonly DeclaredChannelFacts[] {
  if (!isAboutModels(world)) return world.declared
  return world.declared.filter(({ models }) => models.some((one) => world.models.includes(one)))
}

/** Pairs without a channel that these channels would serve. */
function unservedDeclared(world: World, declared: readonly DeclaredChannelFacts[]): Pair[] {
  return unservedPairs(world).filter(({ group, model }) =>
    declared.some(({ groups, models }) => groups.includes(group) && models.includes(model)),
  )
}
