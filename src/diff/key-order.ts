import { compareBytes } from '../gateway/byte-order.ts'
import { decodeField } from '../snapshot/line.ts'

/** How the fields of a key are ordered: integers by value, text by its UTF-8 bytes. */
export type KeyKind = 'integer' | 'text'

const TAB = 0x09
const BACKSLASH = 0x5c
const ZERO = 0x30
const NINE = 0x39
const FIRST_SURROGATE = 0xd800
/** So many digits always fit a number exactly. */
const EXACT_DIGITS = 15
const INTEGER = /^-?\d+$/

/**
 * Order of two lines by their keys, which are their first `kinds.length` fields: negative, 0 or
 * positive. NULL comes first; where an integer is expected, anything else comes last, as text.
 */
export function compareKeys(a: string, b: string, kinds: readonly KeyKind[]): number {
  const length = Math.min(a.length, b.length)
  let field = 0
  let start = 0
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    // An escape stands for another character, or for no text at all.
    if (left === BACKSLASH || right === BACKSLASH) return compareDecoded(a, b, kinds)
    if (left !== right) return compareAt(a, b, kinds, { field, start, left, right })
    if (left !== TAB) continue
    field += 1
    start = index + 1
    if (field === kinds.length) return 0
  }
  return a.length === b.length ? 0 : compareDecoded(a, b, kinds)
}

interface Difference {
  readonly field: number
  /** Where the field begins, in both lines. */
  readonly start: number
  /** The first characters that differ. */
  readonly left: number
  readonly right: number
}

function compareAt(
  a: string,
  b: string,
  kinds: readonly KeyKind[],
  { field, start, left, right }: Difference,
): number {
  if (kinds[field] === 'integer') {
    const order = readInteger(a, start) - readInteger(b, start)
    return Number.isNaN(order) ? compareDecoded(a, b, kinds) : order
  }
  if (left === TAB) return -1
  if (right === TAB) return 1
  if (left < FIRST_SURROGATE && right < FIRST_SURROGATE) return left - right
  return compareDecoded(a, b, kinds)
}

/** NaN when it is not a plain one of few digits. */
function readInteger(line: string, start: number): number {
  let value = 0
  let index = start
  for (; index < line.length; index++) {
    const unit = line.charCodeAt(index)
    if (unit === TAB) break
    if (unit < ZERO || unit > NINE) return Number.NaN
    value = value * 10 + unit - ZERO
  }
  const digits = index - start
  return digits === 0 || digits > EXACT_DIGITS ? Number.NaN : value
}

function compareDecoded(a: string, b: string, kinds: readonly KeyKind[]): number {
  const left = a.split('\t', kinds.length)
  const right = b.split('\t', kinds.length)
  for (const [index, kind] of kinds.entries()) {
    const order = compareFields(kind, textOf(left[index]), textOf(right[index]))
    if (order !== 0) return order
  }
  return 0
}

function textOf(field: string | undefined): string | null {
  return field === undefined ? null : (decodeField(field)?.text ?? null)
}

function compareFields(kind: KeyKind, left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  if (kind === 'text') return compareBytes(left, right)
  const isInteger = INTEGER.test(left)
  if (isInteger !== INTEGER.test(right)) return isInteger ? -1 : 1
  return isInteger ? compareIntegers(BigInt(left), BigInt(right)) : compareBytes(left, right)
}

function compareIntegers(left: bigint, right: bigint): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
