import type { Secret } from '../secret.ts'
import {
  addressOf,
  headerValue,
  postToGateway,
  withoutSecrets,
  type GatewayReply,
} from './gateway-request.ts'
import { explainAnswer, readError } from './probe-answer.ts'
import { PROBE_RULES, type ProbeCause } from './probe-causes.ts'
import type { RuleId } from './rule-table.ts'

export interface ProbeInput {
  readonly url: URL
  /** `/v1/chat/completions` when null. */
  readonly path: string | null
  readonly model: string
  readonly token: Secret
  readonly fetch?: typeof fetch | undefined
  readonly timeoutMs: number
}

/** What the gateway answered, and what that means. Its texts are hostile and hold no secret. */
export interface ProbeResult {
  readonly cause: ProbeCause
  /** Whether the request was served. */
  readonly served: boolean
  readonly origin: string
  readonly path: string
  readonly model: string
  /** Null when no answer came. */
  readonly status: number | null
  readonly milliseconds: number
  /** Of the error in the answer; null when there is none. */
  readonly code: string | null
  readonly message: string | null
  /** Rules to look at in the database, the likeliest first. */
  readonly rules: readonly RuleId[]
}

const CHAT_PATH = '/v1/chat/completions'

const LONGEST_TEXT = 500

/**
 * Sends one real request through a running gateway, which may cost money where it is served. No
 * redirect is followed and nothing is tried again.
 * @throws TidegateError when path or token cannot be sent
 */
export async function probe(input: ProbeInput): Promise<ProbeResult> {
  const { url, model, token, timeoutMs } = input
  const path = input.path ?? CHAT_PATH
  const address = addressOf(url, path)
  const headers = { authorization: `Bearer ${headerValue(token)}` }
  const startedAt = performance.now()
  const reply = await postToGateway({
    address,
    headers,
    body: bodyFor(address.pathname, model),
    fetch: input.fetch,
    timeoutMs,
  })
  const milliseconds = performance.now() - startedAt
  const meaning = 'failure' in reply ? unanswered(reply.failure) : answered(reply, token)
  const rules = PROBE_RULES[meaning.cause]
  return { ...meaning, origin: url.origin, path, model, milliseconds, rules }
}

type Meaning = Pick<ProbeResult, 'cause' | 'served' | 'status' | 'code' | 'message'>

function unanswered(cause: ProbeCause): Meaning {
  return { cause, served: false, status: null, code: null, message: null }
}

function answered(reply: GatewayReply, token: Secret): Meaning {
  const fields = readError(reply.body)
  const cause = explainAnswer(reply, fields)
  const show = (text: string | null) =>
    text === null ? null : withoutSecrets(text, token).slice(0, LONGEST_TEXT)
  return {
    cause,
    served: cause === 'served',
    status: reply.status,
    code: show(fields.code),
    message: show(fields.message),
  }
}

/** The least that is a request, so that it costs the least. */
function bodyFor(path: string, model: string): object {
  if (!path.endsWith('/chat/completions')) return { model, prompt: 'ping' }
  return { model, messages: [{ role: 'user', content: 'ping' }], max_tokens: 1 }
}
