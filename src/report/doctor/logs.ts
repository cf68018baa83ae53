import type { LogEntry, LogReport } from '../../doctor/logs.ts'
import type { LogTexts } from '../../language/gateway-texts.ts'
import { quote } from '../escape.ts'

const EXAMPLE_LIMIT = 300

/** What a log tells, as plain text, the worst first. */
export function renderLogs(report: LogReport, texts: LogTexts): string {
  const head = `${texts.lines}: ${report.lines}`
  if (report.entries.length === 0) return `${head}\n${texts.nothing}`
  return [head, ...report.entries.flatMap((entry) => ['', ...renderEntry(entry, texts)])].join('\n')
}

function renderEntry(entry: LogEntry, texts: LogTexts): string[] {
  const { count, example, pairs, rules } = entry
  const { title, advice } = texts.causes[entry.cause]
  return [
    `${count} × ${title}`,
    ...renderSpan(entry, texts),
    `  ${texts.example}: ${quote(example, EXAMPLE_LIMIT)}`,
    ...pairs.map(({ pair, count: times }) => `  ${texts.pairs}: ${quote(pair)} × ${times}`),
    `  ${advice}`,
    ...(rules.length === 0 ? [] : [`  ${texts.rules}: ${rules.join(', ')}`]),
  ]
}

function renderSpan({ firstTime, lastTime }: LogEntry, { span }: LogTexts): string[] {
  if (firstTime === null || lastTime === null) return []
  return [`  ${span.replace('{first}', firstTime).replace('{last}', lastTime)}`]
}
