import { connect, type Socket } from 'node:net'
import { after } from 'node:test'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { startFakeServer, type FakeServer } from './fake-server.ts'

const servers: FakeServer[] = []

after(async () => {
  for (const server of servers) await server.close()
})

export interface CutProxy {
  /** The target as seen through the proxy. */
  readonly target: PostgresTarget
  /** Cuts the connection when the server has sent so many bytes more. */
  cutAfter(bytes: number): void
  /** From then on nothing more comes. */
  stallAfter(bytes: number): void
  /** Leaves out the next message of this type. */
  drop(type: string): void
}

/** A TCP proxy that breaks what a server says, until the tests of the file are over. */
export async function startCutter(target: PostgresTarget): Promise<CutProxy> {
  let left = Infinity
  let stalls = false
  let dropped: string | null = null
  const pass = (client: Socket, upstream: Socket, chunk: Buffer) => {
    const part = chunk.subarray(0, left)
    left -= part.length
    if (left > 0 || stalls) client.write(part)
    else client.end(part, () => upstream.destroy())
  }
  const dropFrom = (chunk: Buffer) => {
    const kept = dropped === null ? null : withoutMessage(chunk, dropped)
    if (kept !== null) dropped = null
    return kept ?? chunk
  }
  const proxied = await startProxied(target, {
    fromServer: (client, upstream, chunk) => pass(client, upstream, dropFrom(chunk)),
  })
  return {
    target: proxied,
    cutAfter: (bytes) => (left = bytes),
    stallAfter(bytes) {
      left = bytes
      stalls = true
    },
    drop: (type) => (dropped = type),
  }
}

/** A proxy that holds back what the client sends. */
export function startDelay(target: PostgresTarget, milliseconds: number): Promise<PostgresTarget> {
  return startProxied(target, {
    fromClient: (upstream, chunk) => setTimeout(() => upstream.write(chunk), milliseconds),
  })
}

interface Ways {
  readonly fromClient?: (upstream: Socket, chunk: Buffer) => void
  readonly fromServer?: (client: Socket, upstream: Socket, chunk: Buffer) => void
}

async function startProxied(
  target: PostgresTarget,
  {
    fromClient = (upstream, chunk) => upstream.write(chunk),
    fromServer = (client, _upstream, chunk) => client.write(chunk),
  }: Ways,
): Promise<PostgresTarget> {
  const server = await startFakeServer((client) => {
    const upstream = connect(target.port, target.host).on('error', () => undefined)
    client.on('data', (chunk) => fromClient(upstream, chunk)).on('close', () => upstream.destroy())
    upstream.on('data', (chunk) => fromServer(client, upstream, chunk))
    upstream.on('close', () => client.destroy())
  })
  servers.push(server)
  return { ...target, host: '127.0.0.1', port: server.port }
}

/** Of a chunk that begins with a message; null when none of this type is whole in it. */
function withoutMessage(chunk: Buffer, type: string): Buffer | null {
  for (let start = 0; start + 5 <= chunk.length;) {
    const end = start + 1 + chunk.readUInt32BE(start + 1)
    if (String.fromCharCode(chunk[start]!) === type && end <= chunk.length) {
      return Buffer.concat([chunk.subarray(0, start), chunk.subarray(end)])
    }
    start = end
  }
  return null
}
