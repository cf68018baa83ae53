import { causeOfMessage } from './gateway-messages.ts'
import type { GatewayReply } from './gateway-request.ts'
import type { ProbeCause } from './probe-causes.ts'

/** What an answer says of an error; all that is looked at of its body. */
export interface ErrorFields {
  readonly code: string | null
  readonly type: string | null
  readonly message: string | null
}

/** Error codes by what they mean, whatever the status. */
const BY_CODE: ReadonlyMap<string, ProbeCause> = new Map([
  ['get_channel_failed', 'get-channel-failed'],
  ['model_price_error', 'unpriced'],
  ['no_available_key', 'no-key'],
  ['channel:no_available_key', 'no-key'],
  ['invalid_base_url', 'invalid-base-url'],
  ['request_failed', 'upstream-unreachable'],
  ['do_request_failed', 'upstream-unreachable'],
  ['response_processing_failed', 'upstream-answer'],
  ['read_response_body_failed', 'upstream-answer'],
  ['bad_response', 'upstream-answer'],
  ['bad_response_body', 'upstream-answer'],
  ['bad_response_status_code', 'upstream-answer'],
  ['empty_response', 'upstream-answer'],
  ['channel_disabled', 'channel-disabled'],
  ['insufficient_user_quota', 'user-quota'],
  ['quota_not_enough', 'user-quota'],
  ['pre_consume_token_quota_failed', 'token-quota'],
  ['query_data_error', 'database'],
  ['update_data_error', 'database'],
])

const BY_STATUS: ReadonlyMap<number, ProbeCause> = new Map([
  [400, 'bad-request'],
  [401, 'token'],
  [403, 'forbidden'],
  [404, 'unknown-path'],
  [429, 'rate-limited'],
  [500, 'relay-failed'],
  [502, 'bad-gateway'],
  [503, 'no-channel'],
  [504, 'bad-gateway'],
])

/** What an answer means. Pure. */
export function explainAnswer(reply: GatewayReply, fields: ErrorFields): ProbeCause {
  const { status, contentType } = reply
  if (status >= 300 && status < 400) return 'redirected'
  if (status < 300) {
    // The gateway answers a path that it does not know with its web page.
    if (/^text\/html\b/i.test(contentType)) return 'unknown-path'
    return fields.message === null ? 'served' : 'error-in-answer'
  }
  const isGateway = fields.message !== null || fields.code !== null
  if (!isGateway && status >= 502) return 'bad-gateway'
  const told = BY_CODE.get(fields.code ?? '') ?? causeOfMessage(fields.message ?? '')
  if (isPassedOn(status, fields)) return status < 500 ? 'upstream-refused' : 'upstream-answer'
  return told ?? BY_STATUS.get(status) ?? 'unexpected'
}

/** A gateway names its own errors; any other type was sent by what is behind a channel. */
function isPassedOn(status: number, { type, code }: ErrorFields): boolean {
  if (status === 404 || type === null || /^$|^\w+_api_error$/.test(type)) return false
  return type !== code && !BY_CODE.has(code ?? '')
}

/** The error of a body in one of the gateways' forms; nothing of one that is no JSON. */
export function readError(body: string): ErrorFields {
  const json = parse(body)
  const error = isObject(json) ? (json['error'] ?? json) : null
  if (typeof error === 'string') return { code: null, type: null, message: error }
  if (!isObject(error)) return { code: null, type: null, message: null }
  const isError = error !== json || typeof error['message'] === 'string'
  return {
    code: isError ? textOf(error['code']) : null,
    type: isError ? textOf(error['type']) : null,
    message: isError ? textOf(error['message']) : null,
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}
