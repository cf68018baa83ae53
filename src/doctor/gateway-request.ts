import { TidegateError } from '../errors.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Secret } from '../secret.ts'

/** How a request ended that got no answer. */
export type RequestFailure = 'refused' | 'unresolved' | 'timeout' | 'untrusted' | 'broken'

export interface GatewayRequest {
  readonly address: URL
  readonly headers: Readonly<Record<string, string>>
  /** Goes out as JSON. */
  readonly body: object
  readonly fetch?: typeof fetch | undefined
  /** For the whole exchange. */
  readonly timeoutMs: number
}

/** `body` is at most 64 KiB, as UTF-8; what is none is replaced. */
export interface GatewayReply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

const LARGEST_BYTES = 64 * 1024

/** One POST, without a retry, which follows no redirect: a token is for one host. */
export async function postToGateway(
  request: GatewayRequest,
): Promise<GatewayReply | { readonly failure: RequestFailure }> {
  const { address, headers, body, timeoutMs, fetch: send = fetch } = request
  try {
    const response = await send(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await readStart(response),
    }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

/**
 * The address of a path of the gateway, always on its own host.
 * @throws TidegateError when the path does not start with one slash, or leads elsewhere
 */
export function addressOf(gateway: URL, path: string): URL {
  const base = gateway.pathname.replace(/\/$/, '')
  const address = path.startsWith('/') ? URL.parse(gateway.origin + base + path) : null
  if (address !== null && address.origin === gateway.origin && address.username === '') {
    return address
  }
  throw new TidegateError('usage', 'the path is none of the gateway', {
    nextStep: 'write a path that starts with /, such as /v1/chat/completions',
  })
}

/**
 * A secret as the value of a header.
 * @throws TidegateError for one that no header can hold; never quotes it
 */
export function headerValue(token: Secret): string {
  const value = token.reveal()
  if (/^[\u0021-\u007e]+$/.test(value)) return value
  throw new TidegateError('config', 'the token for the gateway holds blanks or other characters', {
    nextStep: 'write it as the gateway shows it: letters, digits and hyphens',
  })
}

/** A text of the gateway's without what it quotes of the token, and without anything like a key. */
export function withoutSecrets(text: string, token: Secret): string {
  const whole = token.reveal()
  const parts = [whole, whole.replace(/^sk-/, ''), whole.replace(/^sk-/, '').split('-')[0]!]
  const hidden = parts
    .filter((part) => part.length >= 8)
    .reduce((rest, part) => rest.replaceAll(part, '[secret]'), text)
  return hideSecrets(hidden)
}

async function readStart({ body }: Response): Promise<string> {
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the rest.
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= LARGEST_BYTES) break
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, LARGEST_BYTES))
}

// Only the code of a cause is looked at: a message may quote a header.
function failureOf(error: unknown): RequestFailure {
  const { name, cause } = error as {
    readonly name?: string
    readonly cause?: { readonly code?: string }
  }
  if (name === 'TimeoutError') return 'timeout'
  const code = cause?.code ?? ''
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unresolved'
  if (/TIMEDOUT|TIMEOUT/.test(code)) return 'timeout'
  return /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO)/.test(code)
    ? 'untrusted'
    : 'broken'
}
