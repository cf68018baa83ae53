import type { ClientConfig } from 'pg'
import type { OpenOptions, PostgresTarget } from '../contract.ts'
import { askPassword } from './password.ts'

/** Milliseconds that one statement waits for somebody else's lock; then it is tried again. */
const LOCK_TIMEOUT_MS = 3_000

const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000

/**
 * Settings of a session. The first three protect the gateway from us; the others make the text of
 * a value the same whatever the server, the database or the user is set to.
 */
export function sessionSettings({
  statementTimeoutMs,
}: Pick<OpenOptions, 'statementTimeoutMs'>): Record<string, string> {
  return {
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(LOCK_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
    client_min_messages: 'warning',
    client_encoding: 'UTF8',
    TimeZone: 'UTC',
    DateStyle: 'ISO,MDY',
    bytea_output: 'hex',
    extra_float_digits: '1',
  }
}

/** In the startup message, where they cost no round trip. */
export function startupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

/** The driver's configuration, from fields and never from an address. */
export function clientConfig(
  target: PostgresTarget,
  options: Omit<OpenOptions, 'missingFile'>,
  rootCertificate: string | null,
): ClientConfig {
  return {
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    password: askPassword(target.password),
    ssl: tlsOptions(target, rootCertificate),
    sslnegotiation: 'postgres',
    enableChannelBinding: target.channelBinding,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
}

// Always spelled out: the driver's own defaults change with its next major version.
function tlsOptions({ host, tls }: PostgresTarget, rootCertificate: string | null) {
  if (tls === 'off' || host.startsWith('/')) return false
  if (tls === 'unverified') return { rejectUnauthorized: false }
  return { rejectUnauthorized: true, ...(rootCertificate === null ? {} : { ca: rootCertificate }) }
}
