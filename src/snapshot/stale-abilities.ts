import { BucketDigests, bucketOfLine, countRows, differingBuckets } from '../database/buckets.ts'
import {
  type Catalog,
  type DatabaseReader,
  type GatheredRows,
  type GatherRequest,
  LIST_SEPARATOR,
  type StreamColumn,
  type StreamRequest,
} from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS } from '../diff/abilities.ts'
import {
  deriveFrom,
  type Derivation,
  type DerivedAbilities,
  fieldsOf,
  linesOf,
} from './derived-abilities.ts'
import type { AbilityCheck, AbilityRow, BucketFilter } from './source.ts'

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
 * The channels whose abilities may not be what the gateway derives from them, with the number of
 * these abilities. All others' are. Channels are kept and abilities pass by, so that memory does not
 * grow with them.
 */
export async function findDoubtful(reading: AbilityReading): Promise<Map<string, number>> {
  const derivation = derivationOf(reading)
  const channels = await readChannels(reading, derivation)
  const filter = await bucketFilter(reading, derivation, channels)
  const doubtful = new Map<string, number>()
  if (filter?.wanted.size === 0) return doubtful
  for await (const batch of reading.reader.gather(gatherRequest(reading.catalog, filter))) {
    for (const gathered of batch) {
      const { key: id, rows } = gathered
      const source = channels.get(id)
      channels.delete(id)
      reading.progress.rows += rows
      const derived = source === undefined ? null : deriveFrom(derivation, source)
      if (derived === null || !isDerived(gathered, derived)) doubtful.set(id, rows)
      else reading.onAbilities?.(id, rowsOf(derived))
    }
  }
  // What is left has no abilities; in other buckets both sides are known to agree.
  for (const id of channels.keys()) {
    if (filter === undefined || isWanted(filter, id)) doubtful.set(id, 0)
  }
  return doubtful
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
    for (const line of linesOf(deriveFrom(derivation, source))) expected.add(`${id}\t${line}`)
  }
  const wanted = differingBuckets(expected.result(), actual)
  const rows = [...actual].filter(([bucket]) => !wanted.has(bucket))
  progress.rows += countRows(new Map(rows))
  return { count: buckets, wanted }
}

function isWanted({ count, wanted }: BucketFilter, id: string): boolean {
  return wanted.has(bucketOfLine(id, 1, count))
}

function isDerived(
  { rows, common, listed: [groups = '', models = ''] }: GatheredRows,
  { names: { pairs, lists }, cells }: DerivedAbilities,
): boolean {
  if (common === null || lists === null || rows !== pairs.length) return false
  if (!isEqual(common, fieldsOf(cells))) return false
  // Most rows lie in the order in which the gateway once wrote them.
  if (groups === lists.groups && models === lists.models) return true
  const expected = sortedPairs(lists.groups, lists.models)
  return isEqual(sortedPairs(groups, models), expected)
}

function sortedPairs(groups: string, models: string): string[] {
  const [left, right] = [groups, models].map((list) => list.split(LIST_SEPARATOR))
  if (left!.length !== right!.length) return []
  return left!.map((group, place) => group + LIST_SEPARATOR + right![place]!).toSorted()
}

function isEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index])
}

function rowsOf({ names, cells }: DerivedAbilities): AbilityRow[] {
  return names.pairs.map(({ group, model }) => ({ group, model, cells }))
}

function gatherRequest(catalog: Catalog, buckets: BucketFilter | undefined): GatherRequest {
  const { table, columns } = abilityRequest(catalog)
  const [key, group, model, ...common] = columns
  const listed = [group!, model!]
  return { table, key: key!, listed, common, ...(buckets === undefined ? {} : { buckets }) }
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
