import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Client, ClientConfig } from 'pg'
import type { PostgresTarget } from '../contract.ts'
import { describeConnectFailure } from './errors.ts'

/** @throws DatabaseError when the session is not as private as it was asked for. */
export function assertEncrypted(
  client: Client,
  { ssl }: ClientConfig,
  target: PostgresTarget,
): void {
  if (ssl === false) return
  const { encrypted, authorized } = client.connection.stream as Partial<TLSSocket>
  const verified = typeof ssl === 'object' && ssl.rejectUnauthorized === true
  if (encrypted === true && (authorized === true || !verified)) return
  throw describeConnectFailure(new Error('does not support SSL'), target)
}

// An empty value would make the driver look into PGOPTIONS, which the pooler refuses just as well.
export function dropEnvironmentOptions(client: Client): void {
  const { connectionParameters } = client as Client & { connectionParameters: ClientConfig }
  delete connectionParameters.options
}

/** When the parts of a connection were done, as `performance.now()`; null where there was none. */
export interface ConnectTimes {
  readonly startedAt: number
  readonly resolvedAt: number | null
  readonly connectedAt: number | null
  readonly securedAt: number | null
}

/** Notes the times from now on; to be called before the client connects through the socket. */
export function noteTimes(client: Client, socket: Socket): ConnectTimes {
  const times = {
    startedAt: performance.now(),
    resolvedAt: null as number | null,
    connectedAt: null as number | null,
    securedAt: null as number | null,
  }
  // A name with several addresses tells each of them.
  socket.once('lookup', () => (times.resolvedAt = performance.now()))
  socket.once('connect', () => (times.connectedAt = performance.now()))
  const { connection } = client
  connection.once('sslconnect', () => {
    connection.stream.once('secureConnect', () => (times.securedAt = performance.now()))
  })
  return times
}
