import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'

/** Keeps a seal from being taken for any other HMAC under the same key. */
const DOMAIN = 'tidegate|plan|v1'

/** A JSON replacer: maps become lists of their entries. */
export function entriesOfMaps(_name: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value
}

/** SHA-256, in lower-case hexadecimal, of JSON with sorted members and without spaces. */
export function digestOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body, sorted)).digest('hex')
}

function sorted(name: string, value: unknown): unknown {
  const plain = entriesOfMaps(name, value)
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return plain
  return Object.fromEntries(Object.entries(plain).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** HMAC-SHA-256, in lower-case hexadecimal, over the domain, a line feed and the digest. */
export function sealOf(digest: string, key: Secret): string {
  return createHmac('sha256', key.reveal()).update(`${DOMAIN}\n${digest}`).digest('hex')
}

export function isSealOf(seal: string, digest: string, key: Secret): boolean {
  const [left, right] = [seal, sealOf(digest, key)].map((text) => Buffer.from(text, 'utf8'))
  return left!.length === right!.length && timingSafeEqual(left!, right!)
}
