import { hasControl, percentDecode } from './text-rules.ts'

const SSL_MODES = [
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
  'no-verify',
] as const

type SslMode = (typeof SSL_MODES)[number]

const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const

/** The query parameters of a DSN that count, decoded; null when absent. */
export interface DsnParameters {
  readonly sslMode: SslMode | null
  /** A path or `system`. */
  readonly sslRootCertificate: string | null
  /** Absolute path. */
  readonly socketFolder: string | null
  readonly channelBinding: (typeof CHANNEL_BINDINGS)[number] | null
}

type Rule = (value: string) => boolean

const isOneOf =
  (values: readonly string[]): Rule =>
  (value) =>
    values.includes(value)

/**
 * Every parameter that a DSN may carry, and what it must look like. `connect_timeout` gives way to
 * the tool's own, which is also how `--connect-timeout` can mean what it says; the application's
 * name is the tool's; the time zone is the gateway's business.
 */
const RULES: Readonly<Record<string, { readonly accepts: Rule; readonly form: string }>> = {
  sslmode: { accepts: isOneOf(SSL_MODES), form: `one of ${SSL_MODES.join(', ')}` },
  sslrootcert: { accepts: (value) => value !== '', form: 'a path or system' },
  host: { accepts: (value) => value.startsWith('/'), form: 'the folder of a Unix socket: /…' },
  channel_binding: {
    accepts: isOneOf(CHANNEL_BINDINGS),
    form: `one of ${CHANNEL_BINDINGS.join(', ')}`,
  },
  connect_timeout: { accepts: (value) => /^\d{1,9}$/.test(value), form: 'a number of seconds' },
  application_name: { accepts: () => true, form: 'a text' },
  timezone: { accepts: () => true, form: 'a text' },
}

/** Reads the query of a DSN; adds unknown, repeated and malformed parameters to `problems`. */
export function readDsnParameters(query: string, problems: string[]): DsnParameters {
  const values = new Map<string, string>()
  for (const pair of query === '' ? [] : query.split('&')) readPair(pair, values, problems)
  return {
    sslMode: SSL_MODES.find((mode) => mode === values.get('sslmode')) ?? null,
    sslRootCertificate: values.get('sslrootcert') ?? null,
    socketFolder: values.get('host') ?? null,
    channelBinding: CHANNEL_BINDINGS.find((mode) => mode === values.get('channel_binding')) ?? null,
  }
}

function readPair(pair: string, values: Map<string, string>, problems: string[]): void {
  const [written = ''] = pair.split('=', 1)
  const shown = /^[A-Za-z_]{1,40}$/.test(written) ? `the parameter ${written}` : 'a query parameter'
  const name = written === 'TimeZone' ? 'timezone' : written
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
  const value = percentDecode(pair.slice(written.length + 1))
  if (rule === undefined) {
    problems.push(`${shown} is not supported; known are ${Object.keys(RULES).join(', ')}`)
  } else if (values.has(name)) {
    problems.push(`${shown} is given more than once`)
  } else if (value === null || hasControl(value) || !rule.accepts(value)) {
    problems.push(`${shown} must be ${rule.form}`)
  }
  values.set(name, value ?? '')
}
