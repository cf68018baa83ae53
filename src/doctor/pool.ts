import type { ServerFacts } from '../database/contract.ts'
import type { PoolFacts } from './diagnosis.ts'

/** The gateway's pool, as its variables say it, beside what the server allows; null for a file. */
export function poolFacts(
  server: ServerFacts | null,
  variables: Readonly<Record<string, string | undefined>>,
): PoolFacts | null {
  if (server === null) return null
  const number = (name: string): number | null => {
    const text = variables[name] ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  return {
    maxIdle: number('SQL_MAX_IDLE_CONNS'),
    maxOpen: number('SQL_MAX_OPEN_CONNS'),
    maxLifetimeSeconds: number('SQL_MAX_LIFETIME'),
    serverMax: server.maxConnections,
    serverReserved: server.reservedConnections,
    inUse: server.connections,
    inUseHere: server.connectionsHere,
  }
}
