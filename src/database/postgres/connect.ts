import { readFile } from 'node:fs/promises'
import { DatabaseError } from '../../errors.ts'
import type { OpenOptions, PostgresTarget } from '../contract.ts'
import { PostgresConnection, type ConnectionInput } from './connection.ts'
import { describeConnectFailure, refusesStartupOptions } from './errors.ts'
import { clientConfig, startupOptions } from './startup.ts'

/** How much longer than the server we wait for the end of a statement. */
const WATCHDOG_MARGIN_MS = 5_000

/** One session with these settings, unless a pooler refuses them. */
export async function openConnection(
  target: PostgresTarget,
  options: Omit<OpenOptions, 'missingFile'>,
  settings: Readonly<Record<string, string>>,
): Promise<PostgresConnection> {
  const config = clientConfig(target, options, await readRootCertificate(target))
  const { default: driver } = await import('pg')
  const { statementTimeoutMs } = options
  const watchdogMs = statementTimeoutMs === 0 ? 0 : statementTimeoutMs + WATCHDOG_MARGIN_MS
  return connect({ driver, config, target, watchdogMs }, startupOptions(settings))
}

async function connect(input: ConnectionInput, startup: string): Promise<PostgresConnection> {
  const { config, target } = input
  try {
    return await PostgresConnection.connect({ ...input, config: { ...config, options: startup } })
  } catch (error) {
    if (!refusesStartupOptions(error)) throw describeConnectFailure(error, target)
  }
  try {
    return await PostgresConnection.connect(input)
  } catch (error) {
    throw describeConnectFailure(error, target)
  }
}

async function readRootCertificate(target: PostgresTarget): Promise<string | null> {
  if (target.tls !== 'verified' || target.tlsRootCertificate === null) return null
  try {
    return await readFile(target.tlsRootCertificate, 'utf8')
  } catch {
    throw new DatabaseError(
      'connection',
      `the certificate file ${target.tlsRootCertificate} cannot be read (${target.label})`,
      { sqlState: null, retry: 'never' },
      'check the path after sslrootcert=',
    )
  }
}
