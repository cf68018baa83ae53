import type { Socket } from 'node:net'
import type { Client } from 'pg'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { fatalMessage, startFakeServer } from './fake-server.ts'
import { connectPostgres } from './raw.ts'

/**
 * A transaction pooler like PgBouncer: clients get a session of the server for one transaction at
 * a time, another one for the next, and settings in the startup message are refused.
 */
export interface Pooler {
  readonly target: PostgresTarget
  /** Clients whose settings in the startup message were refused. */
  readonly refused: number
  close(): Promise<void>
}

export async function startPooler(target: PostgresTarget, sessions: number): Promise<Pooler> {
  const pool = new SessionPool(
    await Promise.all(Array.from({ length: sessions }, () => connectPostgres(target))),
  )
  let refused = 0
  const server = await startFakeServer((socket) => {
    void new PooledClient(socket, pool, () => (refused += 1))
  })
  return {
    target: { ...target, host: '127.0.0.1', port: server.port },
    get refused() {
      return refused
    },
    async close() {
      await server.close()
      pool.close()
    },
  }
}

type Session = Socket

class SessionPool {
  readonly #free: Session[]
  readonly #all: readonly Session[]
  readonly #waiting: ((session: Session) => void)[] = []

  constructor(clients: readonly Client[]) {
    // Only the sockets are of use: the login is done.
    this.#all = clients.map((client) => client.connection.stream as Socket)
    for (const session of this.#all) session.removeAllListeners('data')
    this.#free = [...this.#all]
  }

  take(): Promise<Session> {
    // The one that was used longest ago, so that clients change sessions as often as can be.
    const session = this.#free.shift()
    if (session !== undefined) return Promise.resolve(session)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  give(session: Session): void {
    session.removeAllListeners('data')
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(session)
    else next(session)
  }

  close(): void {
    for (const session of this.#all) session.destroy()
  }
}

const READY = Buffer.from([...Buffer.from('Z'), 0, 0, 0, 5, ...Buffer.from('I')])
const LOGIN_OK = Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 0])
const ROLLBACK = Buffer.from([...Buffer.from('Q'), 0, 0, 0, 13, ...Buffer.from('rollback\0')])

let nextProcessId = 1_000_000

class PooledClient {
  readonly #socket: Socket
  readonly #pool: SessionPool
  readonly #onRefuse: () => void
  #received: Buffer = Buffer.alloc(0)
  #answered: Buffer = Buffer.alloc(0)
  #loggedIn = false
  #session: Session | null = null
  /** Of Query and Sync: each is answered by one ReadyForQuery. */
  #unanswered = 0
  #work: Promise<void> = Promise.resolve()

  constructor(socket: Socket, pool: SessionPool, onRefuse: () => void) {
    this.#socket = socket
    this.#pool = pool
    this.#onRefuse = onRefuse
    socket.on('error', () => undefined)
    socket.on('close', () => this.#leave())
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#work = this.#work.then(() => this.#readClient())
    })
  }

  async #readClient(): Promise<void> {
    if (!this.#loggedIn) return this.#readStartup()
    const messages = splitMessages(this.#received)
    this.#received = this.#received.subarray(messages.reduce((sum, { length }) => sum + length, 0))
    for (const message of messages) {
      const type = String.fromCharCode(message[0]!)
      if (type === 'X') return void this.#socket.end()
      if (type === 'Q' || type === 'S') this.#unanswered += 1
      this.#session ??= await this.#enter()
      this.#session.write(message)
    }
  }

  #readStartup(): void {
    if (this.#received.length < 4) return
    const length = this.#received.readUInt32BE(0)
    if (this.#received.length < length) return
    const startup = this.#received.subarray(8, length).toString('utf8').split('\0')
    this.#received = this.#received.subarray(length)
    if (startup.includes('options')) {
      this.#onRefuse()
      this.#socket.end(fatalMessage('08P01', 'unsupported startup parameter: options'))
      return
    }
    this.#loggedIn = true
    const key = Buffer.alloc(13)
    key.write('K')
    key.writeUInt32BE(12, 1)
    key.writeUInt32BE((nextProcessId += 1), 5)
    this.#socket.write(Buffer.concat([LOGIN_OK, key, READY]))
  }

  async #enter(): Promise<Session> {
    const session = await this.#pool.take()
    session.on('data', (chunk: Buffer) => this.#readServer(chunk))
    return session
  }

  #readServer(chunk: Buffer): void {
    this.#socket.write(chunk)
    this.#answered = Buffer.concat([this.#answered, chunk])
    const messages = splitMessages(this.#answered)
    this.#answered = this.#answered.subarray(messages.reduce((sum, { length }) => sum + length, 0))
    for (const message of messages) {
      if (message[0] !== READY[0]) continue
      this.#unanswered -= 1
      if (this.#unanswered === 0 && message[5] === READY[5]) this.#release()
    }
  }

  #release(): void {
    const session = this.#session
    this.#session = null
    if (session !== null) this.#pool.give(session)
  }

  // A client that goes in the middle of a transaction leaves nothing to the next one.
  #leave(): void {
    const session = this.#session
    if (session === null) return
    this.#unanswered += 1
    session.write(ROLLBACK)
  }
}

function splitMessages(buffer: Buffer): Buffer[] {
  const messages: Buffer[] = []
  let offset = 0
  while (buffer.length - offset >= 5) {
    const end = offset + 1 + buffer.readUInt32BE(offset + 1)
    if (end > buffer.length) break
    messages.push(buffer.subarray(offset, end))
    offset = end
  }
  return messages
}
