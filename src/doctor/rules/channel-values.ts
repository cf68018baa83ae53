import { baseUrlProblem } from '../../gateway/channel-base-urls.ts'
import { channelTypeName, isChannelType } from '../../gateway/channel-types.ts'
import type { ChannelFacts } from '../../gateway/facts.ts'
import { shellWord } from '../../shell-word.ts'
import { command } from '../commands.ts'
import { EVIDENCE_LIMIT, type Evidence, type Repair } from '../diagnosis.ts'
import { hasKey } from '../routes.ts'
import type { DeclaredChannelFacts, Found, Rule, World } from '../world.ts'
import { reachableChannels } from './concerned.ts'
import { channelEvidence } from './evidence.ts'

/** No key to send. */
export const C3: Rule = (world) =>
  missingValue(
    world,
    (channel) => channel.key !== 'placeholder' && !hasKey(world.profile, channel),
    (channel) =>
      channelEvidence(channel, {
        key: channel.key,
        ...(channel.keys === null
          ? {}
          : {
              'channel_info.multi_key_size': String(channel.keys.size),
              'channel_info.multi_key_status_list': String(channel.keys.disabled),
            }),
      }),
  )

/** A key that is none: somebody has yet to set it. */
export const C13: Rule = (world) =>
  missingValue(
    world,
    ({ key }) => key === 'placeholder',
    (channel) => channelEvidence(channel, { key: channel.key }),
    setKeys,
  )

/** No host to send to. */
export const C4: Rule = (world) =>
  missingValue(
    world,
    ({ type, baseUrl }) => baseUrlProblem(world.version, type, baseUrl) !== null,
    (channel) => channelEvidence(channel, { type: channel.type, base_url: channel.baseUrl }),
  )

/** JSON that the gateway cannot parse. */
export const C6: Rule = (world) => {
  const channels = reachableChannels(world).filter(({ invalidJson }) => invalidJson.length > 0)
  if (channels.length === 0) return null
  return {
    facts: { count: String(channels.length) },
    evidence: channels.map((channel) =>
      channelEvidence(
        channel,
        Object.fromEntries(channel.invalidJson.map((column) => [column, ELIDED])),
      ),
    ),
    repair: { kind: 'advice' },
  }
}

/** The value is there and may hold credentials. */
const ELIDED = '…'

/** A number that this gateway gives no type, or another one than the seed means. */
export const C10: Rule = (world) => {
  const unknown = reachableChannels(world).filter((channel) => !hasKnownType(world, channel))
  const misfits = world.declared.filter(({ isTypeMisfit }) => isTypeMisfit)
  if (unknown.length + misfits.length === 0) return null
  const rows = misfits.flatMap(({ channelId }) => world.channels.get(channelId ?? '') ?? [])
  return {
    severity: unknown.length > 0 ? 'error' : 'warning',
    facts: {
      types: [
        ...new Set([
          ...misfits.map(describeMisfit),
          ...unknown.map(({ type }) => `${type ?? 'NULL'} = ?`),
        ]),
      ].join(', '),
    },
    evidence: [...new Set([...rows, ...unknown])].map((channel) =>
      channelEvidence(channel, { type: channel.type, means: meaningOf(world, channel) }),
    ),
    repair: { kind: 'advice' },
  }
}

function missingValue(
  world: World,
  isMissing: (channel: ChannelFacts) => boolean,
  toEvidence: (channel: ChannelFacts) => Evidence,
  repairUndeclared: (world: World, channels: readonly ChannelFacts[]) => Repair = () => ADVICE,
): Found | null {
  const channels = reachableChannels(world).filter(isMissing)
  if (channels.length === 0) return null
  return {
    facts: { count: String(channels.length) },
    evidence: channels.map(toEvidence),
    repair: declaredRepair(world, channels) ?? repairUndeclared(world, channels),
  }
}

/** Only the seed knows the value. */
function declaredRepair(world: World, channels: readonly ChannelFacts[]): Repair | null {
  const declared = new Set(world.declared.map(({ channelId }) => channelId))
  return channels.some(({ id }) => declared.has(id)) ? command(world, 'seed apply') : null
}

const ADVICE: Repair = { kind: 'advice' }

/** What `pull` reads from; its own rows are written by `push`. */
const SOURCE = 'production'

/** Each key from a variable of its own. */
function setKeys({ environment }: World, channels: readonly ChannelFacts[]): Repair {
  const ids = new Map(channels.map(({ name, id }) => [name ?? '', id]))
  ids.delete('')
  if (ids.size === 0) return ADVICE
  const flags = [...ids]
    .slice(0, EVIDENCE_LIMIT)
    .map(([name, id]) => `--secret ${shellWord(`channels/${name}=env:CHANNEL_${id}_KEY`)}`)
  const verb = environment === SOURCE ? 'push' : 'pull'
  const text = `tidegate ${verb} --to ${shellWord(environment)} ${flags.join(' ')}`
  return { kind: 'command', command: text }
}

function hasKnownType({ version }: World, { type }: ChannelFacts): boolean {
  const number = Number(type ?? '0')
  // Text in the column is another rule's finding.
  return version === null || Number.isNaN(number) || isChannelType(version, number)
}

function meaningOf({ version }: World, { type }: ChannelFacts): string | null {
  return channelTypeName(version, Number(type ?? '0'))
}

function describeMisfit({ type, typeMeaning, typeVariable }: DeclaredChannelFacts): string {
  const variable = typeVariable === null ? '' : ` (${typeVariable})`
  return `${type} = ${typeMeaning ?? '?'}${variable}`
}
