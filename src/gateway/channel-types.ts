import { NEW_API_TYPES, ONE_API_TYPES } from './channel-type-names.ts'
import type { GatewayVersion, GatewayVersionId } from './versions.ts'

/** Channel types that a seed names by symbol, because their number belongs to the fork. */
export const CHANNEL_TYPE_SYMBOLS = ['bltcy'] as const

export type ChannelTypeSymbol = (typeof CHANNEL_TYPE_SYMBOLS)[number]

export interface ResolvedChannelType {
  readonly number: number
  /** `guide`: the number of the guide that the fork's users know, for want of a better one. */
  readonly source: 'override' | 'version' | 'guide'
  /** Sentences; empty when the number fits the version or no version is recognised. */
  readonly warnings: string[]
}

interface SymbolFacts {
  readonly name: string
  readonly forkNumber: number
  readonly guideNumber: number
  readonly variable: string
}

const SYMBOLS: Readonly<Record<ChannelTypeSymbol, SymbolFacts>> = {
  bltcy: { name: 'Bltcy', forkNumber: 55, guideNumber: 37, variable: 'BLTCY_CHANNEL_TYPE' },
}

/** The fork branched off on 2025-09-15 and went on counting by itself. */
const FORK_TYPES = [...NEW_API_TYPES.slice(0, 53), 'Tripo3D', null, 'Bltcy']

/** Until 2025-09 only numbers below 50 are certain; video providers followed one by one. */
const EARLY_NEW_API_TYPES = NEW_API_TYPES.slice(0, 50)

/** The first number that early versions certainly lack: it was given away in October 2025. */
const FIRST_UNKNOWN_TO_EARLY = 55

const LATE_NEW_API: ReadonlySet<GatewayVersionId> = new Set([
  'new-api-2025-09',
  'new-api-2025-11',
  'new-api-2025-12',
  'new-api-2026-04',
])

/**
 * The number of a channel type in a gateway: the override, else the recognised version's own, else
 * the guide's. Warns when that number means something else in the recognised version, or nothing.
 */
export function resolveChannelType(
  symbol: ChannelTypeSymbol,
  version: GatewayVersion | null,
  override: number | null,
): ResolvedChannelType {
  const facts = SYMBOLS[symbol]
  const [number, source] = chooseNumber(facts, version, override)
  const problem = version === null ? null : misfit(facts, version, number)
  return { number, source, warnings: problem === null ? [] : [problem] }
}

/** The variable with which a person says the number of a symbol. */
export function channelTypeVariable(symbol: ChannelTypeSymbol): string {
  return SYMBOLS[symbol].variable
}

/** What a number means in a version; null when that is not known, also without a version. */
export function channelTypeName(version: GatewayVersion | null, number: number): string | null {
  return version === null ? null : (typeNames(version)[number] ?? null)
}

/** Whether a version gives, or may give, the number a type. */
export function isChannelType(version: GatewayVersion, number: number): boolean {
  return channelTypeName(version, number) !== null || isPossible(version, number)
}

function chooseNumber(
  { forkNumber, guideNumber }: SymbolFacts,
  version: GatewayVersion | null,
  override: number | null,
): [number: number, source: ResolvedChannelType['source']] {
  if (override !== null) return [override, 'override']
  return version?.family === 'bltcy-fork' ? [forkNumber, 'version'] : [guideNumber, 'guide']
}

function misfit(facts: SymbolFacts, version: GatewayVersion, number: number): string | null {
  const meaning = channelTypeName(version, number)
  if (meaning === facts.name) return null
  if (meaning === null && isPossible(version, number)) return null
  const advice = `set ${facts.variable} to the number that this gateway gives ${facts.name}`
  const fault =
    meaning === null
      ? `is unknown to ${version.label}`
      : `means ${meaning} in ${version.label}, not ${facts.name}`
  return `channel type ${number} ${fault}: ${advice}`
}

function typeNames({ id, family }: GatewayVersion): readonly (string | null)[] {
  if (family === 'bltcy-fork') return FORK_TYPES
  if (family === 'one-api') return ONE_API_TYPES
  return LATE_NEW_API.has(id) ? NEW_API_TYPES : EARLY_NEW_API_TYPES
}

/** Whether a number without a known name may still have a meaning. */
function isPossible(version: GatewayVersion, number: number): boolean {
  const isEarly = version.family === 'new-api' && !LATE_NEW_API.has(version.id)
  return number >= 0 && number < (isEarly ? FIRST_UNKNOWN_TO_EARLY : typeNames(version).length)
}
