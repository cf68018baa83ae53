import { randomBytes } from 'node:crypto'
import { TidegateError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import {
  addressOf,
  headerValue,
  postToGateway,
  withoutSecrets,
  type GatewayReply,
} from './gateway-request.ts'

export interface GatewayAccess {
  readonly url: URL
  /** The access token of an admin: `users.access_token`. */
  readonly token: Secret
  /** Whose token it is: `users.id`. */
  readonly userId: string
  readonly fetch?: typeof fetch | undefined
}

const PATH = '/api/channel/tag/enabled'

const TIMEOUT_MS = 30_000

/**
 * Makes a running new-api rebuild its channel cache, and changes no data: it enables the channels of
 * a tag that no channel has, which updates no row and then loads the cache (before July 2025 it
 * answers the same and loads nothing). Only the process that answers reloads; other nodes do it in
 * their own time. `POST /api/channel/fix` reloads too, but it first empties `abilities` and
 * fills it again outside a transaction: meanwhile nothing can be routed, and columns that a fork
 * added to abilities are lost.
 * @throws TidegateError with code `gateway` when the gateway did not say that it did it
 */
export async function reloadGateway({ url, token, userId, fetch }: GatewayAccess): Promise<void> {
  const reply = await postToGateway({
    address: addressOf(url, PATH),
    headers: { authorization: headerValue(token), 'new-api-user': checkUser(userId) },
    body: { tag: `tidegate-reload-${randomBytes(12).toString('hex')}` },
    fetch,
    timeoutMs: TIMEOUT_MS,
  })
  if ('failure' in reply) throw unreached(reply.failure)
  assertDone(reply, token)
}

/** @throws TidegateError when a request could not be made of it. */
export function checkAccess({ token, userId }: GatewayAccess): void {
  headerValue(token)
  checkUser(userId)
}

function checkUser(userId: string): string {
  if (/^[1-9]\d{0,18}$/.test(userId)) return userId
  throw new TidegateError('config', 'the user of the gateway token is no id', {
    nextStep: 'set TIDEGATE_GATEWAY_USER to the id of the user whose access token it is',
  })
}

function unreached(failure: string): TidegateError {
  return new TidegateError('gateway', `the gateway could not be asked to reload (${failure})`, {
    nextStep: 'check TIDEGATE_GATEWAY_URL, or restart the gateway',
    details: { failure },
  })
}

/** The gateway says with 200 that it refuses too. */
function assertDone({ status, body }: GatewayReply, token: Secret): void {
  const { success, message } = readReply(body)
  if (status === 200 && success === true) return
  const said =
    typeof message === 'string' && message !== ''
      ? `: ${withoutSecrets(message, token).slice(0, 200)}`
      : ''
  throw new TidegateError('gateway', `the gateway did not reload (HTTP ${status})${said}`, {
    nextStep:
      success === undefined
        ? 'this gateway has no such call; restart it, or wait until it reads its database again'
        : 'check that TIDEGATE_GATEWAY_TOKEN is the access token of an admin, and TIDEGATE_GATEWAY_USER his id',
    details: { status },
  })
}

function readReply(body: string): { readonly success?: unknown; readonly message?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as object
  } catch {
    return {}
  }
}
