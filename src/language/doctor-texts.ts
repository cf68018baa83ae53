import type { RuleId } from '../doctor/rule-table.ts'

/**
 * Texts of one rule. `{name}` stands for a fact of the finding; both languages use the same names.
 * Sentences avoid plurals by putting numbers after a colon.
 */
export interface RuleTexts {
  /** A few words, no placeholder: `The channel has no key`. */
  readonly title: string
  /** What the gateway does because of it, and so what its users see. */
  readonly explanation: string
  /** What the repair does, or what a person has to decide. */
  readonly advice: string
}

export type AccessRule = Extract<RuleId, `T${string}` | `U${string}` | `G${string}` | 'P1' | 'O1'>

export type ChannelRule = Exclude<RuleId, AccessRule>
