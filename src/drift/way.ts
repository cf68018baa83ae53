import { countRows, differingBuckets } from '../database/buckets.ts'
import type { LinkFacts, TableSize } from '../database/contract.ts'
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
export async function chooseWay(sides: Sides, { table }: TableShape): Promise<Way> {
  if (table === 'options') {
    const reason = 'whether a value is a secret follows from its key'
    return { algorithm: 'memory', reason, buckets: 0 }
  }
  const { buckets, reason } = await weigh(sides, table)
  return { algorithm: buckets === 0 ? 'stream' : 'buckets', reason, buckets }
}

/** Abilities are compared with their channels on each side, so a far one hashes its own. */
export async function chooseDerivation(sides: Sides): Promise<Way> {
  const { buckets, reason } = await weigh(sides, 'abilities')
  return { algorithm: 'derivation', reason: `each side by its own channels; ${reason}`, buckets }
}

/** @returns into how many buckets to hash; 0 to send every row. */
async function weigh(
  { from, to, link }: Sides,
  table: string,
): Promise<{ readonly buckets: number; readonly reason: string }> {
  if (link.roundTripMs <= NEAR_MS) return { buckets: 0, reason: 'the databases are near' }
  const size = await remoteSize(from, to, table)
  if (size === null) return { buckets: 0, reason: 'a snapshot is a file' }
  if (size.bytes <= SMALL_BYTES) return { buckets: 0, reason: 'the table is small' }
  const buckets = bucketCount(size.rows)
  const rtt = link.roundTripMs / 1_000
  const streaming = rtt + size.bytes / link.bandwidth
  const hashing =
    2 * rtt + (buckets * BUCKET_BYTES) / link.bandwidth + (2 * size.rows * HASH_US) / 1_000_000
  const reason = `slow link: ${seconds(streaming)} to send, ${seconds(hashing)} to hash`
  return { buckets: hashing < streaming ? buckets : 0, reason }
}

/** Of the side that a link leads to; null where there is none. */
async function remoteSize(from: Source, to: Source, table: string): Promise<TableSize | null> {
  if (from.kind === 'snapshot' || to.kind === 'snapshot') return null
  const far = to.dialect === 'postgres' ? to : from
  return far.size(table)
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
  const filter = { count, wanted: differingBuckets(left, right) }
  return {
    from: from.lines(shape, filter),
    to: to.lines(shape, filter),
    rows: { from: countRows(left), to: countRows(right) },
  }
}
