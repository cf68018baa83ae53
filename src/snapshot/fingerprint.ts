import { createHmac, randomBytes } from 'node:crypto'
import type { FingerprintKey } from '../database/contract.ts'

const BLOCK_BYTES = 64

/**
 * Keyed fingerprints of secrets: HMAC-SHA-256 over `domain`, a line feed and the value, in hex.
 * The database computes the same from its own side, so that stored secrets are compared without
 * being read. With a random key, fingerprints mean something only within one run.
 */
export class Fingerprinter {
  readonly #secret: Buffer
  readonly key: FingerprintKey

  constructor(secret: Uint8Array = randomBytes(BLOCK_BYTES)) {
    this.#secret = Buffer.from(secret)
    this.key = padKey(this.#secret)
  }

  domain(table: string, column: string): string {
    return `tidegate|v1|${table}|${column}`
  }

  of(table: string, column: string, value: string): string {
    return createHmac('sha256', this.#secret)
      .update(`${this.domain(table, column)}\n${value}`)
      .digest('hex')
  }
}

function padKey(secret: Buffer): FingerprintKey {
  if (secret.length > BLOCK_BYTES) throw new RangeError('a fingerprint key has at most 64 bytes')
  const block = Buffer.alloc(BLOCK_BYTES)
  secret.copy(block)
  return {
    inner: Uint8Array.from(block, (byte) => byte ^ 0x36),
    outer: Uint8Array.from(block, (byte) => byte ^ 0x5c),
  }
}
