import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { PostgresTarget } from '../../src/database/contract.ts'

export interface Wire {
  /** The target as seen through the wire. */
  readonly target: PostgresTarget
  /** The text of every statement that clients have sent until now, in order. */
  statements(): string[]
  close(): Promise<void>
}

/** A TCP pass-through that listens to what clients ask of a server; without TLS only. */
export async function countStatements(target: PostgresTarget): Promise<Wire> {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server = createServer((socket) => {
    const client = track(socket)
    const upstream = track(connect(target.port, target.host))
    const listener = new FrontendListener((text) => heard.push(text))
    client.on('data', (chunk) => listener.hear(chunk))
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    target: { ...target, host: '127.0.0.1', port },
    statements: () => [...heard],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const WRITING =
  /\b(?:insert|update|delete|merge|truncate|copy|create|alter|drop|grant|setval|nextval|begin|commit)\b/i

/** Statements that write or begin to; `FOR UPDATE` counts too, because it writes to rows. */
export function writingStatements(statements: readonly string[]): string[] {
  return statements.filter((text) => WRITING.test(text))
}

/** Finds Query and Parse in what one client sends; the first message has no type. */
class FrontendListener {
  readonly #tell: (text: string) => void
  #received: Buffer = Buffer.alloc(0)
  #started = false

  constructor(tell: (text: string) => void) {
    this.#tell = tell
  }

  hear(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const head = this.#started ? 1 : 0
      if (this.#received.length < head + 4) return
      const end = head + this.#received.readUInt32BE(head)
      if (this.#received.length < end) return
      if (this.#started) this.#read(this.#received.subarray(0, end))
      this.#started = true
      this.#received = this.#received.subarray(end)
    }
  }

  #read(message: Buffer): void {
    const type = String.fromCharCode(message[0]!)
    const texts = message.subarray(5).toString('utf8').split('\0')
    if (type === 'Q') this.#tell(texts[0]!)
    // The name of the prepared statement comes before its text.
    if (type === 'P') this.#tell(texts[1]!)
  }
}
