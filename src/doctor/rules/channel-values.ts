import { baseUrlProblem } from '../../gateway/channel-base-urls.ts'
import { channelTypeName, isChannelType } from '../../gateway/channel-types.ts'
import type { ChannelFacts } from '../../gateway/facts.ts'
import { command } from '../commands.ts'
import type { Evidence, Repair } from '../diagnosis.ts'
import { hasKey } from '../routes.ts'
import type { DeclaredChannelFacts, Found, Rule, World } from '../world.ts'
import { reachableChannels } from './concerned.ts'
import { channelEvidence } from './evidence.ts'

/** No key to send. */
export const C3: Rule = (world) =>
  missingValue(
    world,
    (channel) => !hasKey(world.profile, channel),
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
): Found | null {
  const channels = reachableChannels(world).filter(isMissing)
  if (channels.length === 0) return null
  return {
    facts: { count: String(channels.length) },
    evidence: channels.map(toEvidence),
    repair: declaredRepair(world, channels),
  }
}

/** Only the seed knows the value. */
function declaredRepair(world: World, channels: readonly ChannelFacts[]): Repair {
  const declared = new Set(world.declared.map(({ channelId }) => channelId))
  return channels.some(({ id }) => declared.has(id))
    ? command(world, 'seed apply')
    : { kind: 'advice' }
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
