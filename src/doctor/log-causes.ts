import { causeOfMessage, type MessageCause } from './gateway-messages.ts'
import type { RuleId } from './rule-table.ts'

/** What lines of a gateway's log tell. */
export type LogCause =
  | MessageCause
  | 'nil-map'
  | 'panic'
  | 'database-full'
  | 'database-locked'
  | 'database-lost'
  | 'database-rows'
  | 'database-schema'
  | 'slow-sql'
  | 'upstream-unreachable'
  | 'channel-disabled'
  | 'answered-500'
  | 'answered-503'
  | 'synced'

/** The rules that would explain it in the database, the worst cause first. */
export const LOG_RULES: Readonly<Record<LogCause, readonly RuleId[]>> = {
  'nil-map': ['A6', 'C2'],
  panic: ['A6', 'C4'],
  'database-full': ['N2', 'N3'],
  'database-lost': ['N1', 'N2'],
  'database-locked': [],
  'database-schema': [],
  'database-rows': ['C5', 'C11'],
  inconsistent: ['A3', 'K1'],
  'no-channel': ['A1', 'C1', 'A2', 'C2', 'G2', 'G5'],
  'get-channel-failed': ['A3', 'C5', 'K1'],
  'no-key': ['C3'],
  'invalid-base-url': ['C4'],
  unpriced: ['P1', 'O1'],
  'group-denied': ['G3'],
  'group-retired': ['G4', 'O1'],
  'model-denied': ['T6', 'T7'],
  'ip-denied': ['T5'],
  'user-banned': ['U1'],
  'user-quota': ['U2'],
  'token-quota': ['T4'],
  token: ['T1', 'T2', 'T3', 'T4'],
  'channel-disabled': ['C7', 'A4'],
  'upstream-unreachable': ['C4'],
  'slow-sql': ['N1'],
  'answered-500': [],
  'answered-503': ['A1', 'C1'],
  synced: ['K1'],
}

export const LOG_CAUSES = Object.keys(LOG_RULES) as readonly LogCause[]

interface Sentence {
  readonly cause: LogCause
  readonly pattern: RegExp
}

/** The runtime begins its line with this; elsewhere a caller may have written it. */
const CRASHES: readonly Sentence[] = [
  {
    cause: 'nil-map',
    pattern: /^(?:panic: )?assignment to entry in nil map/,
  },
  { cause: 'panic', pattern: /^(?:panic: |fatal error: |goroutine panic|panic detected)/i },
]

/** Only phrases that drivers write: `database` or `connection` alone may be anybody's name. */
const FAULTS: readonly Sentence[] = [
  {
    cause: 'database-full',
    pattern:
      /sorry, too many clients already|remaining connection slots are reserved|\(SQLSTATE 53300\)/,
  },
  {
    cause: 'database-locked',
    pattern: /database is locked \(|database table is locked|\bSQLITE_BUSY\b/,
  },
  {
    cause: 'database-rows',
    pattern: /(?:sql: )?Scan error on column|converting driver\.Value type|\(SQLSTATE 22\w{3}\)/,
  },
  {
    cause: 'database-schema',
    pattern:
      /\(SQLSTATE 42\w{3}\)|no such (?:table|column): |cannot alter type of a column used by/,
  },
  {
    cause: 'database-lost',
    pattern:
      /driver: bad connection|failed to connect to `|failed to initialize database|conn closed|the database system is (?:starting up|shutting down)|\(SQLSTATE (?:08|57P)\w+\)/,
  },
  {
    cause: 'upstream-unreachable',
    pattern:
      /\bdo_request_failed\b|do request failed|\brequest_failed\b|dial tcp .{1,260}: (?:connect|lookup|i\/o)/,
  },
  { cause: 'channel-disabled', pattern: /通道「.{0,255}」（#\d{1,19}）已被禁用/ },
]

const SQL = /^(?:\S+\.go:\d+ )?(?:SLOW SQL >= \S+ ?|\[[\d.]+ms\])/

/** A line without what stands before its message, and what that says. */
export interface LogLine {
  /** `YYYY-MM-DD hh:mm:ss` in the gateway's own time zone; null when the line has none. */
  readonly time: string | null
  readonly level: 'info' | 'debug' | 'error' | 'access' | 'unknown'
  readonly message: string
}

/**
 * What one line tells; null when nothing. Lines of requests count by their status alone, lines that
 * are no errors by what is none, and SQL, which quotes values, by its form.
 */
export function causeOfLine({ level, message }: LogLine): LogCause | null {
  if (level === 'access') return causeOfAccess(message)
  if (level === 'debug') return null
  if (message.startsWith('channels synced from database')) return 'synced'
  if (level === 'info') return null
  if (SQL.test(message)) return message.includes('SLOW SQL') ? 'slow-sql' : null
  return find(CRASHES, message) ?? causeOfMessage(message) ?? find(FAULTS, message)
}

function causeOfAccess(message: string): LogCause | null {
  const status = /^\s*(\d{3})\s*\|/.exec(message)?.[1]
  if (status === '503') return 'answered-503'
  return status === '500' ? 'answered-500' : null
}

function find(sentences: readonly Sentence[], message: string): LogCause | null {
  return sentences.find(({ pattern }) => pattern.test(message))?.cause ?? null
}
