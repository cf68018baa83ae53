import type { MessageCause } from '../doctor/gateway-messages.ts'
import type { LogCause } from '../doctor/log-causes.ts'
import type { ProbeCause } from '../doctor/probe-causes.ts'

/** What an answer or a line of a gateway means, and what to do about it. */
export interface CauseTexts {
  /** A few words. */
  readonly title: string
  readonly advice: string
}

/** Of what a gateway says alike in answers and in its log. */
export type MessageTexts = Readonly<Record<MessageCause, CauseTexts>>

export interface ProbeTexts {
  /** To be said before the request is sent. */
  readonly notice: string
  readonly served: string
  readonly failed: string
  readonly noAnswer: string
  readonly code: string
  readonly message: string
  readonly rules: string
  readonly causes: Readonly<Record<ProbeCause, CauseTexts>>
}

export interface LogTexts {
  readonly lines: string
  readonly nothing: string
  /** With `{first}` and `{last}`. */
  readonly span: string
  readonly example: string
  readonly pairs: string
  readonly rules: string
  readonly causes: Readonly<Record<LogCause, CauseTexts>>
}
