import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { FingerprintRequest } from '../database/contract.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Where an encrypted value stands: it cannot be read in any other place. */
export interface SealedPlace {
  readonly runId: string
  readonly seq: number
  readonly table: string
  readonly column: string
}

/** How the database makes the digest of an entry, and what says with which key. */
export interface EntryDigest {
  readonly keyId: string
  readonly request: FingerprintRequest
}

/** Everybody knows this key: it shows accidents and careless edits. */
export const PUBLIC_DIGEST = entryDigest('public', new Fingerprinter(derive('tidegate', 'public')))

/**
 * What TIDEGATE_JOURNAL_KEY protects the journal with: encryption of secrets, their fingerprints,
 * and the digests of entries, each with a key of its own.
 */
export class JournalKey {
  readonly #encryption: Buffer
  readonly #fingerprinter: Fingerprinter
  readonly digest: EntryDigest

  constructor(secret: string) {
    this.#encryption = derive(secret, 'encryption')
    this.#fingerprinter = new Fingerprinter(derive(secret, 'fingerprint'))
    const digester = new Fingerprinter(derive(secret, 'digest'))
    this.digest = entryDigest(digester.keyId, digester)
  }

  /** How the database shows that a secret is still the one that was written. */
  fingerprint(table: string, column: string): FingerprintRequest {
    const domain = `tidegate|v1|journal|${table}|${column}`
    return { domain, key: this.#fingerprinter.key }
  }

  /** Base64 of nonce, tag and ciphertext. */
  encrypt(text: string, place: SealedPlace): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#encryption, nonce).setAAD(bytesOf(place))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
  }

  /** Null when it was encrypted with another key, for another place, or was altered. */
  decrypt(sealed: string, place: SealedPlace): string | null {
    const bytes = Buffer.from(sealed, 'base64')
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
    try {
      const decipher = createDecipheriv(CIPHER, this.#encryption, nonce, {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(bytesOf(place)).setAuthTag(tag)
      const rest = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(rest), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }
}

function derive(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `tidegate|v1|journal|${purpose}`, 32))
}

function entryDigest(keyId: string, { key }: Fingerprinter): EntryDigest {
  return { keyId, request: { domain: 'tidegate|v1|journal|entry', key } }
}

function bytesOf({ runId, seq, table, column }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([runId, seq, table, column]), 'utf8')
}
