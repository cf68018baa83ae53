import type { LinkFacts } from '../database/contract.ts'
import type { ComparisonWay } from '../diff/drift-report.ts'
import type { LineStream } from '../snapshot/line.ts'
import type { TableShape } from '../snapshot/shape.ts'
import type { Source } from '../snapshot/source.ts'

/** How a table is compared, and why. */
export interface Way extends Pick<ComparisonWay, 'algorithm' | 'reason'> {
  /** How many buckets, where rows are hashed on both sides before any of them is sent. */
  readonly buckets: number
}

export interface Sides {
  readonly from: Source
  readonly to: Source
  /** The slower of the two ways to a side. */
  readonly link: LinkFacts
}

export interface Streams {
  readonly from: LineStream
  readonly to: LineStream
  /** Rows of the whole table, where the streams hold only a part of them. */
  readonly rows: { readonly from: number; readonly to: number } | null
}

/** A server this close sends rows faster than it hashes them. */
const NEAR_MS = 5

/** Below this a table is sent before two round trips are over. */
const SMALL_BYTES = 1024 * 1024

/** Microseconds that a server takes to encode and hash a row, and we take for another one. */
const HASH_US = 5

/** Bytes that one bucket takes on the way. */
const BUCKET_BYTES = 40

/** A bucket whose rows differ is sent as a whole, so it should hold few. */
const ROWS_PER_BUCKET = 32
const MIN_BUCKETS = 1024
const MAX_BUCKETS = 65_536

/** The slower link of two sides; measured once for a whole comparison. */
export async function slowerLink(from: Source, to: Source): Promise<LinkFacts> {
  const [left, right] = [await from.link(), await to.link()]
  return left.roundTripMs > right.roundTripMs ? left : right
}

/** Streams a table, unless hashing it first on a slow link is clearly faster. */
export async function chooseWay({ from, to, link }: Sides, shape: TableShape): Promise<Way> {
  const stream = (reason: string): Way => ({ algorithm: 'stream', reason, buckets: 0 })
  if (shape.table === 'options') {
    return {
      algorithm: 'memory',
      reason: 'whether a value is secret follows from its key',
      buckets: 0,
    }
  }
  if (link.roundTripMs <= NEAR_MS) return stream('the databases are near')
  if (from.kind === 'snapshot' || to.kind === 'snapshot') return stream('a snapshot is a file')
  const [left, right] = [await from.size(shape.table), await to.size(shape.table)]
  const remote = to.dialect === 'postgres' ? right : left
  if (remote.bytes <= SMALL_BYTES) return stream('the table is small')
  const count = bucketCount(remote.rows)
  const rtt = link.roundTripMs / 1_000
  const streaming = rtt + remote.bytes / link.bandwidth
  const hashing =
    2 * rtt + (count * BUCKET_BYTES) / link.bandwidth + (2 * remote.rows * HASH_US) / 1_000_000
  const estimate = `${seconds(streaming)} to send, ${seconds(hashing)} to hash`
  if (hashing >= streaming) return stream(`slow link, and ${estimate}`)
  return { algorithm: 'buckets', reason: `slow link: ${estimate}`, buckets: count }
}

function bucketCount(rows: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(rows, 1) / ROWS_PER_BUCKET))
  return Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, wanted))
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}

/**
 * What has to be merged: every row, or, by buckets, the rows of those whose digests differ. Digests
 * only nominate; whether rows differ is decided as ever.
 */
export async function openStreams(
  { from, to }: Sides,
  shape: TableShape,
  { algorithm, buckets: count }: Way,
): Promise<Streams> {
  const all = { from: from.lines(shape), to: to.lines(shape), rows: null }
  if (algorithm !== 'buckets') return all
  const [left, right] = await Promise.all([from.digest(shape, count), to.digest(shape, count)])
  if (left === null || right === null) return all
  const wanted = new Set<number>()
  for (const bucket of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(bucket), right.get(bucket)]
    if (a?.digest !== b?.digest || a?.rows !== b?.rows) wanted.add(bucket)
  }
  const rowsOf = (digests: typeof left): number =>
    [...digests.values()].reduce((sum, { rows }) => sum + rows, 0)
  const filter = { count, wanted }
  return {
    from: from.lines(shape, filter),
    to: to.lines(shape, filter),
    rows: { from: rowsOf(left), to: rowsOf(right) },
  }
}
