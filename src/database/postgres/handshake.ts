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
