import { hideNames } from '../doctor/hide-names.ts'
import { probe } from '../doctor/probe.ts'
import { ConfigError, TidegateError } from '../errors.ts'
import { probeTexts } from '../language/gateway-catalogue.ts'
import { renderProbe } from '../report/doctor/probe.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { readProbeToken } from './gateway-access.ts'

const TIMEOUT_MS = 60_000

/** `--probe URL`: sends the request itself, and says what the answer means. */
export async function explainProbe(context: Context): Promise<void> {
  const { output, language } = context
  const settings = await context.settings()
  const token = readProbeToken(context, settings)
  if (token === null) {
    const problem = 'is not set; it is the token whose requests fail'
    throw new ConfigError([{ source: 'TIDEGATE_PROBE_TOKEN', problem }])
  }
  const path = context.string('path') ?? null
  const model = context.strings('model')[0] ?? modelIn(path)
  const url = gatewayUrl(context.string('probe') ?? '')
  const texts = probeTexts(language)
  output.note(texts.notice)
  const result = hideNames(await probe({ url, path, model, token, timeoutMs: TIMEOUT_MS }))
  output.data({ command: 'doctor --probe', ...result })
  output.text(renderProbe(result, texts))
  if (!result.served) context.exitCode = EXIT_CODES.found
}

/** Gateways that pass requests through look at the path; the body names the same. */
function modelIn(path: string | null): string {
  const word = /^\/([\w.-]+)/.exec(path ?? '')?.[1]
  if (word !== undefined) return word
  throw new TidegateError('usage', '--probe does not know which request to send', {
    nextStep: 'name a path or a model: --path /runway/tasks, or --model NAME',
  })
}

function gatewayUrl(text: string): URL {
  const url = URL.parse(text)
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === ''
  if (isPlain) return url
  throw new TidegateError('usage', '--probe takes an address such as https://gateway.example', {
    nextStep: 'write it without a user; the token comes from TIDEGATE_PROBE_TOKEN',
  })
}
