import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { PostgresTarget } from '../../src/database/contract.ts'

/** One message of PostgreSQL's protocol on its way from the client to the server. */
export interface FrontendMessage {
  /** From 1, over the connections together. */
  readonly connection: number
  /** From 1, within its connection. */
  readonly number: number
  /** `startup`, else the protocol's letter: `p` password, `Q` query, `P` parse, … */
  readonly type: string
  readonly bytes: Buffer
}

/** `cut-after`: the server gets the message and acts on it, but nobody hears the answer. */
export type FrontendVerdict = 'forward' | 'cut-before' | 'cut-after'

export interface FaultProxyOptions {
  /** Asked for each message, in order. */
  readonly judge: (message: FrontendMessage) => FrontendVerdict | Promise<FrontendVerdict>
  /** Whether a new connection is taken; asked, and waited for, before it reaches the server. */
  readonly admit?: () => boolean | Promise<boolean>
}

export interface FaultProxy {
  /** The target as seen through the proxy. */
  readonly target: PostgresTarget
  /** Connections that were cut so far. */
  readonly cuts: number
  close(): Promise<void>
}

/** A TCP proxy that knows where a message ends and breaks connections between two of them. */
export async function startFaultProxy(
  target: PostgresTarget,
  options: FaultProxyOptions,
): Promise<FaultProxy> {
  const links = new Set<Link>()
  let connections = 0
  let cuts = 0
  const judge: FaultProxyOptions['judge'] = async (message) => {
    const verdict = await options.judge(message)
    if (verdict !== 'forward') cuts += 1
    return verdict
  }
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => {
    connections += 1
    const link = new Link({
      client,
      target,
      options: { ...options, judge },
      connection: connections,
    })
    links.add(link)
    client.on('close', () => links.delete(link))
  })
  const port = await listen(server)
  return {
    target: { ...target, host: '127.0.0.1', port },
    get cuts() {
      return cuts
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const link of links) link.cut()
      }),
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

interface LinkInput {
  readonly client: Socket
  readonly target: PostgresTarget
  readonly options: FaultProxyOptions
  readonly connection: number
}

/** One client's connection and the server's end of it. */
class Link {
  readonly #client: Socket
  readonly #options: FaultProxyOptions
  readonly #connection: number
  #upstream: Socket | undefined
  #received: Buffer = Buffer.alloc(0)
  #number = 0
  #work: Promise<void>

  constructor({ client, target, options, connection }: LinkInput) {
    this.#client = client
    this.#options = options
    this.#connection = connection
    client.on('error', () => undefined)
    client.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#work = this.#work.then(() => this.#forward())
    })
    client.on('close', () => {
      this.#work = this.#work.then(() => void this.#upstream?.end())
    })
    this.#work = this.#open(target)
  }

  cut(): void {
    this.#received = Buffer.alloc(0)
    this.#client.destroy()
    this.#upstream?.destroy()
  }

  async #open({ port, host }: PostgresTarget): Promise<void> {
    if ((await this.#options.admit?.()) === false) return this.cut()
    // The parts of a statement are written one by one, and must not wait for each other.
    this.#upstream = connect({ port, host, noDelay: true })
    this.#upstream.on('error', () => undefined)
    this.#upstream.on('data', (chunk: Buffer) => {
      if (!this.#client.destroyed) this.#client.write(chunk)
    })
    this.#upstream.on('close', () => this.#client.destroy())
    this.#client.resume()
  }

  async #forward(): Promise<void> {
    for (let bytes = this.#take(); bytes !== null; bytes = this.#take()) {
      this.#number += 1
      const type = this.#number === 1 ? 'startup' : String.fromCharCode(bytes[0]!)
      const message = { connection: this.#connection, number: this.#number, type, bytes }
      const verdict = await this.#options.judge(message)
      if (verdict === 'forward') this.#upstream!.write(bytes)
      if (verdict === 'cut-before') return this.cut()
      if (verdict === 'cut-after') return this.#cutAfter(bytes)
    }
  }

  /** A reset could overtake the message; the end of the stream cannot. */
  #cutAfter(bytes: Buffer): void {
    this.#received = Buffer.alloc(0)
    this.#upstream!.end(bytes)
    this.#client.destroy()
  }

  /** The next whole message; only the first one has no letter before its length. */
  #take(): Buffer | null {
    if (this.#client.destroyed && this.#received.length === 0) return null
    const head = this.#number === 0 ? 0 : 1
    if (this.#received.length < head + 4) return null
    const length = head + this.#received.readUInt32BE(head)
    if (this.#received.length < length) return null
    const bytes = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return bytes
  }
}

/** For a report: `Q commit`, `P insert into tidegate_ledger`. */
export function describeMessage({ type, bytes }: FrontendMessage): string {
  if (type !== 'Q' && type !== 'P') return type
  const text = bytes.subarray(type === 'P' ? bytes.indexOf(0) + 1 : 5).toString('utf8')
  const words = text
    .replaceAll(/[^\w ]+/g, ' ')
    .trim()
    .split(/\s+/)
  return [type, ...words.slice(0, 4)].join(' ')
}
