import type { MessageCause } from './gateway-messages.ts'
import type { RequestFailure } from './gateway-request.ts'
import type { RuleId } from './rule-table.ts'

/** What the answer to a probe means. */
export type ProbeCause =
  | MessageCause
  | RequestFailure
  | 'served'
  | 'error-in-answer'
  | 'unknown-path'
  | 'redirected'
  | 'bad-request'
  | 'forbidden'
  | 'rate-limited'
  | 'channel-disabled'
  | 'upstream-unreachable'
  | 'upstream-answer'
  | 'upstream-refused'
  | 'database'
  | 'relay-failed'
  | 'bad-gateway'
  | 'unexpected'

/** The rules that would explain it in the database, the likeliest first. */
export const PROBE_RULES: Readonly<Record<ProbeCause, readonly RuleId[]>> = {
  served: [],
  'error-in-answer': [],
  'unknown-path': [],
  redirected: [],
  'bad-request': [],
  token: ['T1', 'T2', 'T3', 'T4'],
  'token-quota': ['T4'],
  forbidden: ['U1', 'U2', 'G3', 'G4', 'T5', 'T6'],
  'group-denied': ['G3'],
  'group-retired': ['G4', 'O1'],
  'model-denied': ['T6', 'T7'],
  'ip-denied': ['T5'],
  'user-banned': ['U1'],
  'user-quota': ['U2'],
  'rate-limited': [],
  'channel-disabled': ['C7', 'A4'],
  'no-channel': ['A1', 'C1', 'A2', 'A3', 'C2', 'G2', 'G5', 'C5', 'K1'],
  inconsistent: ['A3', 'K1'],
  'get-channel-failed': ['A3', 'C5', 'K1'],
  'no-key': ['C3'],
  'invalid-base-url': ['C4'],
  unpriced: ['P1', 'O1'],
  'upstream-unreachable': ['C4'],
  'upstream-answer': ['C4', 'C10'],
  'upstream-refused': ['C13', 'C3'],
  database: ['U1', 'N1', 'N2', 'N3'],
  'relay-failed': ['P1', 'C4', 'C3', 'C6', 'C10', 'U1'],
  'bad-gateway': [],
  unexpected: [],
  refused: [],
  unresolved: [],
  timeout: ['N1'],
  untrusted: [],
  broken: ['A6'],
}

export const PROBE_CAUSES = Object.keys(PROBE_RULES) as readonly ProbeCause[]
