import type { PostgresTarget } from '../database/contract.ts'
import type { ConfigFault } from '../errors.ts'
import { Secret } from '../secret.ts'
import { findDatabasePassword } from './database-password.ts'
import { splitDsn, type DsnParts } from './dsn-parts.ts'
import {
  decideTls,
  describeBadCertificate,
  describeTlsRisk,
  rootCertificatePath,
} from './dsn-tls.ts'
import type { Variables } from './variables.ts'

export interface DsnContext {
  /** Names the DSN in faults and warnings: `SQL_DSN`. */
  readonly source: string
  /** Where a password is looked for when the DSN has none. */
  readonly env: Variables
  /** Where relative paths start; the working directory when absent. */
  readonly root?: string
  /** Also read `<NAME>_DATABASE_PASSWORD_FILE`. */
  readonly environment?: string
  /** False: leave the variables without a prefix alone. True when absent. */
  readonly current?: boolean
}

export type DsnResult =
  | {
      readonly target: PostgresTarget
      readonly warnings: readonly string[]
      /** The password as it is, and as written when that differs. */
      readonly secrets: readonly Secret[]
    }
  | { readonly faults: readonly ConfigFault[] }

/**
 * Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?…` into fields, or says why it cannot. It
 * refuses what can be read in two ways, and no fault quotes any part of the DSN. Never throws.
 */
export function parsePostgresDsn(text: string, context: DsnContext): DsnResult {
  const parts = splitDsn(text)
  const { source } = context
  if ('problems' in parts) return { faults: parts.problems.map((problem) => ({ source, problem })) }
  const password = findPassword(parts, context)
  const target = makeTarget(parts, context.root ?? '', 'fault' in password ? null : password.secret)
  const problems = [
    describeBadCertificate(target.tlsRootCertificate),
    describeBadBinding(parts, target),
  ]
  const faults = problems.flatMap((problem) => (problem === null ? [] : [{ source, problem }]))
  if ('fault' in password) return { faults: [...faults, password.fault] }
  if (faults.length > 0) return { faults }
  const risk = describeTlsRisk(target.host, target.tls)
  const warnings = [...(risk === null ? [] : [`${source}: ${risk}`]), ...password.warnings]
  return { target, warnings, secrets: password.forms }
}

type Password =
  | {
      readonly secret: Secret | null
      readonly forms: readonly Secret[]
      readonly warnings: readonly string[]
    }
  | { readonly fault: ConfigFault }

function findPassword({ password, passwordAsWritten }: DsnParts, context: DsnContext): Password {
  if (password !== null) {
    const forms = [...new Set([password, passwordAsWritten ?? password])]
    const [secret = null, ...others] = forms.map((form) => new Secret(form))
    return { secret, forms: secret === null ? [] : [secret, ...others], warnings: [] }
  }
  const { env, root = '', environment, current = true } = context
  const found = findDatabasePassword({ variables: env, root, environment, current })
  if (found === null) return { secret: null, forms: [], warnings: [] }
  return 'fault' in found ? found : { ...found, forms: [found.secret] }
}

function makeTarget(parts: DsnParts, root: string, password: Secret | null): PostgresTarget {
  const { user, host, port, database, parameters } = parts
  const shownHost = host.includes(':') && !host.startsWith('/') ? `[${host}]` : host
  return {
    dialect: 'postgres',
    host,
    port,
    user,
    database,
    password,
    tls: decideTls(host, parameters),
    tlsRootCertificate: rootCertificatePath(parameters.sslRootCertificate, root),
    channelBinding:
      parameters.channelBinding === 'require' || parameters.channelBinding === 'prefer',
    label: `${user}@${shownHost}:${port}/${database}`,
  }
}

function describeBadBinding({ parameters }: DsnParts, { tls }: PostgresTarget): string | null {
  // A login is bound to the TLS connection it comes over; without TLS the server refuses it later.
  return parameters.channelBinding === 'require' && tls === 'off'
    ? 'channel_binding=require needs TLS: use sslmode=verify-full'
    : null
}
