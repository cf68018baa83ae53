import type { Cell } from '../snapshot/model.ts'

/** What a secret is called that is there and of which no fingerprint was made. */
export const SET = 'set'

const COMPARED_DIGITS = 16
const FINGERPRINT = /^[0-9a-f]{16,64}$/

/** The digits of a fingerprint that are compared; null when the cell is none. */
export function fingerprintDigits(cell: Cell): string | null {
  return cell !== null && FINGERPRINT.test(cell) ? cell.slice(0, COMPARED_DIGITS) : null
}

export function isEmptySecret(cell: Cell): boolean {
  return cell === null || cell === ''
}

/** `unknown`: both are set, and one of them has no fingerprint. */
export function compareSecrets(left: Cell, right: Cell): 'equal' | 'different' | 'unknown' {
  if (isEmptySecret(left) || isEmptySecret(right)) {
    return isEmptySecret(left) && isEmptySecret(right) ? 'equal' : 'different'
  }
  const [digits, others] = [fingerprintDigits(left), fingerprintDigits(right)]
  if (digits === null || others === null) return 'unknown'
  return digits === others ? 'equal' : 'different'
}
