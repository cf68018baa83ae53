import { BucketDigests, bucketOfLine, countRows, differingBuckets } from '../database/buckets.ts'
import type { Catalog, DatabaseReader, StreamColumn, StreamRequest } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS } from '../diff/abilities.ts'
import { type Derivation, derivedLines, derivedText } from './derived-lines.ts'
import { decodeText } from './line.ts'
import type { AbilityCheck, BucketFilter } from './source.ts'

/** Columns that the gateway derives; those that a fork added are its own. */
const DERIVED = ['enabled', 'priority', 'weight', 'tag'] as const

export interface AbilityReading extends AbilityCheck {
  readonly reader: DatabaseReader
  readonly catalog: Catalog
}

export function derivedColumns(catalog: Catalog): string[] {
  return DERIVED.filter((column) => catalog.get('abilities')?.has(column))
}

/** Line of the cells that abilities are derived from, by channel id as it stands in lines. */
type Channels = Map<string, string>

/**
 * Ids of the channels whose abilities are not what the gateway derives from them, as they are
 * stored. Channels are kept and abilities pass by, so that memory does not grow with them.
 */
export async function findStale(reading: AbilityReading): Promise<Set<string>> {
  const derivation = derivationOf(reading)
  const channels = await readChannels(reading, derivation)
  const filter = await bucketFilter(reading, derivation, channels)
  if (filter?.wanted.size === 0) return new Set()
  const stale = new Set<string>()
  for await (const { id, text } of gatheredAbilities(reading, filter)) {
    const source = channels.get(id) ?? null
    const same = source === null ? null : countSame(derivation, source, text)
    if (same === null) stale.add(id)
    reading.progress.rows += same ?? linesOf(text).length
    reading.onAbilities?.(id, same === null ? linesOf(text) : derivedLines(derivation, source!))
    channels.delete(id)
  }
  // What is left has no abilities; in other buckets both sides are known to agree.
  for (const id of channels.keys()) {
    if (filter === undefined || isWanted(filter, id)) stale.add(id)
  }
  return stale
}

function derivationOf({ catalog }: AbilityReading): Derivation {
  const source = ABILITY_SOURCE_COLUMNS.filter((name) => catalog.get('channels')?.has(name))
  return { source, derived: derivedColumns(catalog) }
}

async function readChannels(
  { reader, catalog }: AbilityReading,
  { source }: Derivation,
): Promise<Channels> {
  const channels: Channels = new Map()
  for await (const batch of reader.stream(streamRequest(catalog, 'channels', ['id', ...source]))) {
    for (const line of batch) {
      const end = line.indexOf('\t')
      channels.set(line.slice(0, end), line.slice(end + 1))
    }
  }
  return channels
}

async function bucketFilter(
  { reader, catalog, progress, buckets }: AbilityReading,
  derivation: Derivation,
  channels: Channels,
): Promise<BucketFilter | undefined> {
  if (buckets === 0) return undefined
  const actual = await reader.digest(abilityRequest(catalog), buckets)
  if (actual === null) return undefined
  const expected = new BucketDigests(buckets, 1)
  for (const [id, source] of channels) {
    for (const line of derivedLines(derivation, source)) expected.add(`${id}\t${line}`)
  }
  const wanted = differingBuckets(expected.result(), actual)
  const rows = [...actual].filter(([bucket]) => !wanted.has(bucket))
  progress.rows += countRows(new Map(rows))
  return { count: buckets, wanted }
}

function isWanted({ count, wanted }: BucketFilter, id: string): boolean {
  return wanted.has(bucketOfLine(id, 1, count))
}

/** The lines of the abilities of each channel id, as one text. */
async function* gatheredAbilities(
  { reader, catalog }: AbilityReading,
  buckets: BucketFilter | undefined,
): AsyncGenerator<{ readonly id: string; readonly text: string }> {
  const request = { ...abilityRequest(catalog), gathered: true }
  const stream = reader.stream(buckets === undefined ? request : { ...request, buckets })
  for await (const batch of stream) {
    for (const line of batch) {
      const end = line.indexOf('\t')
      yield { id: line.slice(0, end), text: line.slice(end + 1) }
    }
  }
}

/** Number of the abilities of a channel; null when they are not as derived. */
function countSame(derivation: Derivation, source: string, text: string): number | null {
  const expected = derivedText(derivation, source)
  // Most rows lie in the order in which the gateway once wrote them.
  if (text === expected.text) return expected.rows
  const lines = derivedLines(derivation, source).toSorted()
  return isEqual(lines, linesOf(text).toSorted()) ? lines.length : null
}

function isEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index])
}

function linesOf(text: string): string[] {
  return decodeText(text).split('\n')
}

function abilityRequest(catalog: Catalog): StreamRequest {
  const columns = ['channel_id', 'group', 'model', ...derivedColumns(catalog)]
  return streamRequest(catalog, 'abilities', columns)
}

function streamRequest(catalog: Catalog, table: string, columns: readonly string[]): StreamRequest {
  return {
    table,
    keyLength: 1,
    columns: columns.map((name): StreamColumn => {
      const known = catalog.get(table)?.get(name)
      return { name, family: known?.family ?? 'other', nullable: known?.nullable ?? true }
    }),
  }
}
