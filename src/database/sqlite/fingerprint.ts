import { createHash } from 'node:crypto'
import type { SqliteValue } from './connection.ts'
import { textOfBytes } from './read.ts'

/**
 * SQL function `tidegate_fingerprint(inner, outer, domain, value)`: HMAC-SHA-256 from a padded
 * key, in lower-case hexadecimal. NULL and the empty string are returned as they are.
 */
export function fingerprint(
  inner: Buffer,
  outer: Buffer,
  domain: string,
  value: SqliteValue,
): string | null {
  if (value === null) return null
  const text = Buffer.isBuffer(value) ? textOfBytes(value) : String(value)
  if (text === '') return ''
  const digest = createHash('sha256').update(inner).update(`${domain}\n${text}`).digest()
  return createHash('sha256').update(outer).update(digest).digest('hex')
}
