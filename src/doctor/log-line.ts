import type { LogLine } from './log-causes.ts'

/** Colours, as a terminal takes them. */
// oxlint-disable-next-line no-control-regex
const COLOR = /\u001b\[[\d;]{0,16}m/g

const TIME = /(\d{4})[/-](\d{2})[/-](\d{2})(?: - |[ T])(\d{2}:\d{2}:\d{2})/

/** `[ERR] 2025/11/05 - 10:00:00 | <request> | message`, with what a collector puts before it. */
const HEAD =
  /\[(INFO|WARN|ERR|DEBUG|SYS|FATAL|GIN)\] ?[\d/]+ - [\d:]+ \| ?(?:(?:SYSTEM|[\w-]{16,64}) \| ?)?/

/** `time=… level=ERROR msg="…"` of newer versions. */
const PAIRS = /\blevel=(\w+) msg=("(?:[^"\\]|\\.)*"|\S+)/

const LEVELS: ReadonlyMap<string, LogLine['level']> = new Map([
  ['INFO', 'info'],
  ['DEBUG', 'debug'],
  ['GIN', 'access'],
  ['WARN', 'error'],
  ['ERR', 'error'],
  ['ERROR', 'error'],
  ['FATAL', 'error'],
])

const LONGEST_HEAD = 256

/** Takes a line of a gateway's log apart. Lines of the runtime and of drivers have no head. */
export function parseLogLine(raw: string): LogLine {
  const line = raw.includes('\u001b') ? raw.replaceAll(COLOR, '') : raw
  const start = line.slice(0, LONGEST_HEAD)
  const [, year, month, day, clock] = TIME.exec(start) ?? []
  const time = clock === undefined ? null : `${year}-${month}-${day} ${clock}`
  const head = HEAD.exec(start)
  if (head !== null) {
    const level = LEVELS.get(head[1]!) ?? 'unknown'
    return { time, level, message: line.slice(head.index + head[0].length) }
  }
  const pairs = PAIRS.exec(line)
  if (pairs !== null) {
    const level = LEVELS.get(pairs[1]!) ?? 'unknown'
    const text = pairs[2]!
    return { time, level: level === 'info' ? 'unknown' : level, message: unquote(text) }
  }
  // The runtime's own time and place in the source.
  const message = line.replace(/^\s*\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2} /, '')
  return { time, level: 'unknown', message }
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text
}
