import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Cell } from '../snapshot/model.ts'
import type { CellDifference } from './cells.ts'
import type { Finding, ShownValue } from './finding.ts'
import { fingerprintDigits, isEmptySecret, SET } from './secret-cells.ts'

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
export type Hash = (text: string) => string

const SHOWN_DIGITS = 12
const PINNED_DIGITS = 16

/** What no value of a database that both dialects can hold begins with. */
const NULL_MARK = '\u0000null'
const ABSENT_MARK = '\u0000absent'

/** A value as people may see it; what is not known to be a fingerprint is not shown. */
export function shownValue(value: Cell, secret: boolean): ShownValue {
  if (value === null) return null
  if (!secret) return hideSecrets(value)
  if (isEmptySecret(value)) return '(empty)'
  return fingerprintDigits(value)?.slice(0, SHOWN_DIGITS) ?? SET
}

/** Pins the right side's value, so that an acceptance ends with it. */
export function pinOf({ to, present, secret }: CellDifference, hash: Hash): string {
  if (secret && !isEmptySecret(to)) {
    const digits = fingerprintDigits(to)
    return digits === null ? `state:${SET}` : `hmac:${digits}`
  }
  const text = to ?? (present === 'from' ? ABSENT_MARK : NULL_MARK)
  return pinOfText(text, hash)
}

/**
 * Pins a whole finding by the pins of its cells; one without cells by its message, so that other
 * counts are another finding to accept.
 */
export function pinOfFinding({ kind, side, cells, message }: Finding, hash: Hash): string {
  const pins = cells.map(({ column, path, pin }) => [column, path, pin])
  return pinOfText(JSON.stringify([kind, side, pins.length === 0 ? message : pins]), hash)
}

function pinOfText(text: string, hash: Hash): string {
  return `sha256:${hash(text).slice(0, PINNED_DIGITS)}`
}
