import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface GatewayAnswer {
  readonly status: number
  readonly type?: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface GatewayCall {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A gateway on 127.0.0.1 that gives the answer it is told; null never answers. */
export class FakeGateway {
  answer: GatewayAnswer | null = { status: 200, body: '{}' }
  readonly calls: GatewayCall[] = []
  readonly #server: Server
  readonly #scheme: string

  constructor(certificate?: { readonly cert: Buffer; readonly key: Buffer }) {
    this.#server = certificate === undefined ? createServer() : createTlsServer({ ...certificate })
    this.#scheme = certificate === undefined ? 'http' : 'https'
    this.#server.on('request', (request, response) => void this.#receive(request, response))
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get url(): URL {
    return new URL(`${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    this.calls.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() })
    if (this.answer === null) return
    const { status, type = 'application/json', body } = this.answer
    response.writeHead(status, { 'content-type': type, ...this.answer.headers }).end(body)
  }
}
