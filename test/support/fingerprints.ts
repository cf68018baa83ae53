import { createHmac } from 'node:crypto'
import type { FingerprintKey } from '../../src/database/contract.ts'

/** A made-up key of an HMAC, padded as a fingerprint needs it. */
export function padKey(secret: Buffer): FingerprintKey {
  const block = Buffer.alloc(64)
  secret.copy(block)
  return { inner: block.map((byte) => byte ^ 0x36), outer: block.map((byte) => byte ^ 0x5c) }
}

/** The fingerprint as Node computes it. */
export function hmacOf(secret: Buffer, domain: string, value: string): string {
  return createHmac('sha256', secret).update(`${domain}\n${value}`, 'utf8').digest('hex')
}
