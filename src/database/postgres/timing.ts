import type { ConnectionTiming, OpenOptions, PostgresTarget } from '../contract.ts'
import { openConnection } from './connect.ts'
import type { ConnectTimes } from './handshake.ts'
import { sessionSettings } from './startup.ts'

/** See `timeConnection`. */
export async function timePostgres(
  target: PostgresTarget,
  options: Omit<OpenOptions, 'missingFile'>,
): Promise<ConnectionTiming> {
  const connection = await openConnection(target, options, sessionSettings(options))
  try {
    const openedAt = performance.now()
    await connection.run('select 1')
    const answeredAt = performance.now()
    return {
      ...partsOf(connection.times, openedAt, target.host.startsWith('/')),
      query: answeredAt - openedAt,
      total: answeredAt - connection.times.startedAt,
    }
  } finally {
    await connection.close()
  }
}

function partsOf(times: ConnectTimes, openedAt: number, isUnixSocket: boolean) {
  const { startedAt, resolvedAt, securedAt } = times
  const connectedAt = times.connectedAt ?? startedAt
  return {
    dns: resolvedAt === null ? null : resolvedAt - startedAt,
    tcp: isUnixSocket ? null : connectedAt - (resolvedAt ?? startedAt),
    tls: securedAt === null ? null : securedAt - connectedAt,
    authentication: openedAt - (securedAt ?? connectedAt),
  }
}
