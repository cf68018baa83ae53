import type { ProbeResult } from '../../doctor/probe.ts'
import type { ProbeTexts } from '../../language/gateway-texts.ts'
import { escapeText, quote } from '../escape.ts'

const VALUE_LIMIT = 300

/** What a probe found, as plain text; a line holds at most one value of the gateway's. */
export function renderProbe(result: ProbeResult, texts: ProbeTexts): string {
  const { title, advice } = texts.causes[result.cause]
  const { code, message, rules } = result
  const answer = result.status === null ? texts.noAnswer : `HTTP ${result.status}`
  const verdict = result.served ? texts.served : texts.failed
  return [
    `POST ${escapeText(result.origin)}${escapeText(result.path)} ${quote(result.model)}`,
    `${verdict}: ${answer}, ${Math.round(result.milliseconds)} ms`,
    title,
    ...(code === null ? [] : [`  ${texts.code}: ${quote(code, VALUE_LIMIT)}`]),
    ...(message === null ? [] : [`  ${texts.message}: ${quote(message, VALUE_LIMIT)}`]),
    `  ${advice}`,
    ...(rules.length === 0 ? [] : [`  ${texts.rules}: ${rules.join(', ')}`]),
  ].join('\n')
}
