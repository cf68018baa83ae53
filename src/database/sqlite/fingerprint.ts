import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { SqliteValue } from './connection.ts'
import { hexOfBytes, textOfBytes } from './read.ts'

/**
 * SQL function `tidegate_fingerprint(inner, outer, domain, value, bytes)`: HMAC-SHA-256 from a
 * padded key, in lower-case hexadecimal. NULL and the empty string are returned as they are. The
 * value comes a second time as its bytes: the driver makes one text of all that is not UTF-8.
 */
export function fingerprint(
  inner: Buffer,
  outer: Buffer,
  domain: string,
  value: SqliteValue,
  bytes: Buffer | null,
): string | null {
  if (value === null) return null
  const text = textOf(value, bytes)
  if (text === '') return ''
  const digest = createHash('sha256').update(inner).update(`${domain}\n${text}`).digest()
  return createHash('sha256').update(outer).update(digest).digest('hex')
}

function textOf(value: NonNullable<SqliteValue>, bytes: Buffer | null): string {
  if (Buffer.isBuffer(value)) return textOfBytes(value)
  const isMade = typeof value === 'string' && value.includes('\uFFFD') && !isUtf8(bytes!)
  return isMade ? hexOfBytes(bytes!) : String(value)
}
