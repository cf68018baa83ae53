import { connect, type Socket } from 'node:net'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { startFakeServer } from './fake-server.ts'

export interface SlowLink {
  /** Milliseconds there and back. */
  readonly roundTripMs: number
  /** Bits per second from the server. */
  readonly bandwidth: number
}

/** A TCP proxy in front of a server that is as far and as narrow as a link is. */
export async function startSlowProxy(
  target: PostgresTarget,
  link: SlowLink,
): Promise<{ readonly target: PostgresTarget; close(): Promise<void> }> {
  const server = await startFakeServer((client) => {
    const upstream = connect(target.port, target.host).on('error', () => undefined)
    const delay = link.roundTripMs / 2
    carry(client, upstream, delay, Number.POSITIVE_INFINITY)
    carry(upstream, client, delay, link.bandwidth / 8)
    upstream.on('close', () => setTimeout(() => client.destroy(), delay))
    client.on('close', () => upstream.destroy())
  })
  return {
    target: { ...target, host: '127.0.0.1', port: server.port },
    close: () => server.close(),
  }
}

/** Chunks leave one after the other, each when the wire has carried it, and arrive later. */
function carry(from: Socket, to: Socket, delayMs: number, bytesPerSecond: number): void {
  let free = performance.now()
  from.on('data', (chunk) => {
    const now = performance.now()
    free = Math.max(free, now) + (chunk.length * 1_000) / bytesPerSecond
    setTimeout(() => to.write(chunk), free - now + delayMs)
    // What is on the wire is as much as a window; the sender waits for the rest.
    if (free - now > 100) {
      from.pause()
      setTimeout(() => from.resume(), free - now)
    }
  })
}
