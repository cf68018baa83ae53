import { hash } from 'node:crypto'
import type { BucketDigest } from './contract.ts'

/** The first 4 bytes, or the next 4, of a text's SHA-256. */
type HalfDigest = (half: 0 | 1) => number

// Several times faster than a buffer.
function digestOf(text: string): HalfDigest {
  const bytes = hash('sha256', text, 'binary')
  return (half) => {
    const at = (offset: number) => bytes.charCodeAt(4 * half + offset)
    return ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0
  }
}

/** The number of the bucket of a line: the first 4 bytes of its key's SHA-256, modulo `count`. */
export function bucketOfLine(line: string, keyLength: number, count: number): number {
  return digestOf(keyOfLine(line, keyLength))(0) % count
}

function keyOfLine(line: string, keyLength: number): string {
  let end = -1
  for (let field = 0; field < keyLength; field += 1) {
    end = line.indexOf('\t', end + 1)
    if (end === -1) return line
  }
  return line.slice(0, end)
}

/** Digests of buckets, line by line. See `DatabaseReader.digest`. */
export class BucketDigests {
  readonly #keyLength: number
  readonly #rows: Uint32Array
  readonly #high: Uint32Array
  readonly #low: Uint32Array

  constructor(count: number, keyLength: number) {
    this.#keyLength = keyLength
    this.#rows = new Uint32Array(count)
    this.#high = new Uint32Array(count)
    this.#low = new Uint32Array(count)
  }

  add(line: string): void {
    const bucket = bucketOfLine(line, this.#keyLength, this.#rows.length)
    const half = digestOf(line)
    this.#rows[bucket]! += 1
    this.#high[bucket]! ^= half(0)
    this.#low[bucket]! ^= half(1)
  }

  /** Of the buckets that have rows. */
  result(): Map<number, BucketDigest> {
    const digests = new Map<number, BucketDigest>()
    this.#rows.forEach((rows, bucket) => {
      const digest = `${hexOf(this.#high[bucket]!)}${hexOf(this.#low[bucket]!)}`
      if (rows > 0) digests.set(bucket, { rows, digest })
    })
    return digests
  }
}

/** Buckets in which two sides do not hold the same rows. */
export function differingBuckets(
  left: ReadonlyMap<number, BucketDigest>,
  right: ReadonlyMap<number, BucketDigest>,
): Set<number> {
  const buckets = new Set([...left.keys(), ...right.keys()])
  return new Set(
    [...buckets].filter((bucket) => {
      const [a, b] = [left.get(bucket), right.get(bucket)]
      return a?.digest !== b?.digest || a?.rows !== b?.rows
    }),
  )
}

/** Rows of all buckets. */
export function countRows(digests: ReadonlyMap<number, BucketDigest>): number {
  return [...digests.values()].reduce((sum, { rows }) => sum + rows, 0)
}

function hexOf(half: number): string {
  return half.toString(16).padStart(8, '0')
}
