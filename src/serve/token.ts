import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'

/**
 * Whether an `Authorization` header carries the token. Takes the same time for every wrong one,
 * whatever its length.
 */
export function carriesToken(header: string | undefined, token: Secret): boolean {
  const [, given = ''] = /^bearer +([^ ]+)$/i.exec(header ?? '') ?? []
  return timingSafeEqual(digest(given), digest(token.reveal()))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
