import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import type { TlsMode } from '../database/contract.ts'
import type { DsnParameters } from './dsn-parameters.ts'
import { fileErrorCode } from './file-error.ts'
import { isLocalOrPrivate } from './private-hosts.ts'

const MAY_FALL_BACK: ReadonlySet<string> = new Set(['allow', 'prefer'])

/**
 * How a connection is protected. Modes that libpq lets fall back to plain text, and no mode at
 * all, are plain text where nobody else listens and verified everywhere else; `require` verifies,
 * as in every mode but `no-verify`. A Unix socket never has TLS.
 */
export function decideTls(host: string, parameters: DsnParameters): TlsMode {
  const { sslMode, sslRootCertificate } = parameters
  if (host.startsWith('/') || sslMode === 'disable') return 'off'
  if (sslMode === 'no-verify') return 'unverified'
  // Who names a certificate wants it to be checked.
  const isOpen = sslMode === null ? sslRootCertificate === null : MAY_FALL_BACK.has(sslMode)
  return isOpen && isLocalOrPrivate(host) ? 'off' : 'verified'
}

/** What to warn of: text that anyone on the way can read, or a server that anyone can play. */
export function describeTlsRisk(host: string, tls: TlsMode): string | null {
  if (tls === 'unverified') {
    return "the server's certificate is not verified; use sslmode=verify-full with sslrootcert"
  }
  if (tls === 'verified' || isLocalOrPrivate(host)) return null
  return 'the connection is not encrypted and its host not private; use sslmode=verify-full'
}

/** Why the file that `sslrootcert` names cannot be used; null when it can. */
export function describeBadCertificate(path: string | null): string | null {
  if (path === null) return null
  try {
    accessSync(path, constants.R_OK)
    return null
  } catch (error) {
    return `the file that sslrootcert names cannot be read (${fileErrorCode(error)})`
  }
}

/** The absolute path that `sslrootcert` names; null for the system's authorities. */
export function rootCertificatePath(written: string | null, root: string): string | null {
  return written === null || written === 'system' ? null : resolve(root, written)
}
