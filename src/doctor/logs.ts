import { hideSecrets } from '../gateway/secret-scan.ts'
import { causeOfLine, LOG_CAUSES, LOG_RULES, type LogCause, type LogLine } from './log-causes.ts'
import { parseLogLine } from './log-line.ts'
import type { RuleId } from './rule-table.ts'

/** What a gateway's log tells, the worst first. Texts are hostile and hold no secret. */
export interface LogReport {
  readonly lines: number
  readonly entries: readonly LogEntry[]
}

export interface LogEntry {
  readonly cause: LogCause
  readonly count: number
  /** `YYYY-MM-DD hh:mm:ss` in the gateway's time zone; null when no line had a time. */
  readonly firstTime: string | null
  readonly lastTime: string | null
  /** The first line, shortened. */
  readonly example: string
  /** Group and model that got no channel, the most frequent first; at most 20. */
  readonly pairs: readonly { readonly pair: string; readonly count: number }[]
  /** Rules to look at in the database. */
  readonly rules: readonly RuleId[]
}

const LONGEST_EXAMPLE = 500

const MOST_PAIRS = 20

/** Pairs that are counted; a caller can make up models without end. */
const MOST_COUNTED = 1_000

interface Tally {
  count: number
  firstTime: string | null
  lastTime: string | null
  readonly example: string
  readonly pairs: Map<string, number>
}

/** Reads to the end in constant memory, at most 64 KiB of each line (`logLines`). */
export async function classifyLogs(lines: AsyncIterable<string>): Promise<LogReport> {
  const tallies = new Map<LogCause, Tally>()
  let count = 0
  for await (const raw of lines) {
    count += 1
    const line = parseLogLine(raw)
    const cause = causeOfLine(line)
    if (cause !== null) add(tallies, cause, line, raw)
  }
  const entries = LOG_CAUSES.flatMap((cause) => {
    const tally = tallies.get(cause)
    return tally === undefined ? [] : [describe(cause, tally)]
  })
  return { lines: count, entries }
}

function add(tallies: Map<LogCause, Tally>, cause: LogCause, line: LogLine, raw: string): void {
  const tally = tallies.get(cause) ?? begin(raw)
  tallies.set(cause, tally)
  tally.count += 1
  const { time } = line
  if (time !== null) {
    if (tally.firstTime === null || time < tally.firstTime) tally.firstTime = time
    if (tally.lastTime === null || time > tally.lastTime) tally.lastTime = time
  }
  if (cause === 'no-channel') countPair(tally.pairs, line.message)
}

function begin(raw: string): Tally {
  // Hidden before it is cut, so that no half of a key is left.
  const example = hideSecrets(raw).slice(0, LONGEST_EXAMPLE)
  return { count: 0, firstTime: null, lastTime: null, example, pairs: new Map() }
}

function countPair(pairs: Map<string, number>, message: string): void {
  const end = message.indexOf('无可用渠道')
  const before = message.slice(Math.max(0, end - 400), end)
  const [, group, model] = /分组 (.{1,64}) 下模型 (.{1,255}) $/.exec(end === -1 ? '' : before) ?? []
  if (group === undefined) return
  const pair = hideSecrets(`${group} / ${model}`)
  if (pairs.has(pair) || pairs.size < MOST_COUNTED) pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
}

function describe(cause: LogCause, tally: Tally): LogEntry {
  const pairs = [...tally.pairs]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_PAIRS)
    .map(([pair, count]) => ({ pair, count }))
  return { cause, ...tally, pairs, rules: LOG_RULES[cause] }
}
