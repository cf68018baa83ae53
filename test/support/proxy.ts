import { connect } from 'node:net'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { startFakeServer } from './fake-server.ts'

/** What becomes of a chunk from the client; `cut` ends both connections. */
export type Verdict = 'forward' | 'cut' | 'forward-and-cut' | 'swallow'

export interface Proxy {
  /** The target as seen through the proxy. */
  readonly target: PostgresTarget
  /** Decides over what the client sends from now on. */
  judge: (chunk: Buffer) => Verdict
  close(): Promise<void>
}

/** A TCP proxy in front of a server, which breaks connections where a test wants it. */
export async function startProxy(target: PostgresTarget): Promise<Proxy> {
  const server = await startFakeServer((client) => {
    const upstream = connect(target.port, target.host).on('error', () => undefined)
    upstream.on('data', (chunk) => client.write(chunk)).on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
    client.on('data', (chunk) => {
      const verdict = proxy.judge(chunk)
      if (verdict === 'forward') upstream.write(chunk)
      if (verdict === 'cut') client.destroy()
      // The server acts on what it has got, although nobody hears the answer.
      if (verdict === 'forward-and-cut') {
        client.destroy()
        client.removeAllListeners('close')
        upstream.write(chunk, () => setTimeout(() => upstream.destroy(), 100))
      }
    })
  })
  const proxy: Proxy = {
    target: { ...target, host: '127.0.0.1', port: server.port },
    judge: () => 'forward',
    close: () => server.close(),
  }
  return proxy
}
