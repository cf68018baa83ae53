import type { ChannelTypeSymbol } from '../gateway/channel-types.ts'
import type { OptionMapEntries } from '../gateway/options.ts'
import type { Secret } from '../secret.ts'
import type { Inputs, ResolvedInputs } from './inputs.ts'

/** A value written when the row is created and left to the gateway's admins afterwards. */
export interface Initial<T> {
  readonly initial: T
}

/** A list that must contain these elements; whatever else it holds stays. */
export interface Include {
  readonly include: readonly string[]
}

export function initial<T>(value: T): Initial<T> {
  return { initial: value }
}

export function include(elements: readonly string[]): Include {
  return { include: elements }
}

/** A plain value is ensured on every run. */
export type Field<T> = T | Initial<T>
export type ListField = readonly string[] | Initial<readonly string[]> | Include

/** A type that forks number differently: the number is looked up for the gateway that is found. */
export interface SymbolicChannelType {
  readonly symbol: ChannelTypeSymbol
  /** Set by a person who knows better; null to look it up. */
  readonly override: number | null
}

export function channelType(
  symbol: ChannelTypeSymbol,
  override: number | null,
): SymbolicChannelType {
  return { symbol, override }
}

export const CHANNEL_STATUSES = { enabled: '1', disabled: '2' } as const

/** One channel, in the gateway's own column names. Columns that are not named are left alone. */
export interface ChannelSeed {
  /** What this row is called inside the seed; must not change once it is applied. */
  readonly id: string
  readonly type: number | SymbolicChannelType
  readonly name: string
  readonly key: Field<Secret>
  readonly models: ListField
  readonly group: ListField
  readonly base_url?: Field<string>
  readonly status?: Field<keyof typeof CHANNEL_STATUSES>
  readonly priority?: Field<number>
  readonly weight?: Field<number>
  readonly auto_ban?: Field<0 | 1>
  readonly tag?: Field<string>
  readonly remark?: Field<string>
  readonly test_model?: Field<string>
  readonly model_mapping?: Field<string>
  readonly status_code_mapping?: Field<string>
  readonly settings?: Field<string>
}

/** One row of `options`. */
export type OptionSeed =
  | { readonly key: string; readonly value: Field<string> }
  /** Members set in a JSON map; the others stay. Refused where the row does not exist yet. */
  | { readonly key: string; readonly merge: OptionMapEntries }
  /** The same, and the whole map to create where the row does not exist yet. */
  | { readonly key: string; readonly merge: OptionMapEntries; readonly otherwise: OptionMapEntries }

export interface SeedRows {
  readonly channels?: readonly ChannelSeed[]
  readonly options?: readonly OptionSeed[]
}

export interface Seed<I extends Inputs = Inputs> {
  /** One line, for `seed status`. */
  readonly description: string
  /** Environments in which it applies; all of them when absent. */
  readonly environments?: readonly string[]
  /** Names of seeds that must be applied first. */
  readonly dependsOn?: readonly string[]
  readonly inputs: I
  /** Must be pure: the same inputs give the same rows. */
  rows(inputs: ResolvedInputs<I>): SeedRows
}

export function defineSeed<const I extends Inputs>(seed: Seed<I>): Seed<I> {
  return seed
}
