import { createHash, randomBytes } from 'node:crypto'
import type { FingerprintKey, FingerprintRequest } from '../database/contract.ts'

const BLOCK_BYTES = 64

/**
 * Keyed fingerprints of secrets: HMAC-SHA-256 over `domain`, a line feed and the value, in hex.
 * The database computes the same from its own side, so that stored secrets are compared without
 * being read. With a random key, fingerprints mean something only within one run.
 */
export class Fingerprinter {
  readonly key: FingerprintKey

  /** @param secret the key itself, or one that another thread has padded */
  constructor(secret: Uint8Array | FingerprintKey = randomBytes(BLOCK_BYTES)) {
    this.key = secret instanceof Uint8Array ? padKey(Buffer.from(secret)) : secret
  }

  /** Says which key was used and nothing of it: 8 hexadecimal digits. */
  get keyId(): string {
    return this.#hmac('tidegate|key').slice(0, 8)
  }

  domain(table: string, column: string): string {
    return `tidegate|v1|${table}|${column}`
  }

  of(table: string, column: string, value: string): string {
    return this.#hmac(`${this.domain(table, column)}\n${value}`)
  }

  #hmac(text: string): string {
    const inner = createHash('sha256').update(this.key.inner).update(text).digest()
    return createHash('sha256').update(this.key.outer).update(inner).digest('hex')
  }
}

/** How a secret is told: by its fingerprint, or, without a key, only whether it is set. */
export function hiding(
  fingerprinter: Fingerprinter | null,
  table: string,
  column: string,
): FingerprintRequest | 'state' {
  if (fingerprinter === null) return 'state'
  return { domain: fingerprinter.domain(table, column), key: fingerprinter.key }
}

/** RFC 2104: a longer key is hashed first. */
function padKey(secret: Buffer): FingerprintKey {
  const isLong = secret.length > BLOCK_BYTES
  const key = isLong ? createHash('sha256').update(secret).digest() : secret
  const block = Buffer.alloc(BLOCK_BYTES)
  key.copy(block)
  return {
    inner: Uint8Array.from(block, (byte) => byte ^ 0x36),
    outer: Uint8Array.from(block, (byte) => byte ^ 0x5c),
  }
}
