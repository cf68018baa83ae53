/** How every placeholder begins; no provider and no gateway gives such a key. */
export const PLACEHOLDER_PREFIX = 'tidegate-placeholder'

const TOKEN_KEY_LENGTH = 48

/** FNV-1a with 128 bits. */
const OFFSET = 0x6c62272e07bb014262b821756295c58dn
const PRIME = 0x13bn + (1n << 88n)

/**
 * What a new row holds in the place of its key until somebody sets it; the same row always gets
 * the same. For a channel one line: several would be several keys. For a token (`parts` are its
 * user's name and its own) 48 characters that no other token has. The gateway cuts the key that it
 * is given at the first `-`, so that nobody gets in with a placeholder.
 */
export function placeholderFor(table: string, parts: readonly (string | null)[]): string {
  if (table !== 'tokens') return `${PLACEHOLDER_PREFIX}: set the key of this row`
  const digits = hash(JSON.stringify(parts)).toString(36)
  const length = TOKEN_KEY_LENGTH - PLACEHOLDER_PREFIX.length - 1
  return `${PLACEHOLDER_PREFIX}-${digits.padStart(length, '0')}`
}

function hash(text: string): bigint {
  let state = OFFSET
  for (const byte of new TextEncoder().encode(text)) {
    state = BigInt.asUintN(128, (state ^ BigInt(byte)) * PRIME)
  }
  return state
}
