import { hash } from 'node:crypto'
import { BucketDigests, bucketOfLine, countRows, differingBuckets } from '../database/buckets.ts'
import type { Catalog, DatabaseReader, StreamColumn, StreamRequest } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, abilityCells } from '../diff/abilities.ts'
import { type AbilityChannel, derivedCells, derivedNames } from '../gateway/abilities.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import { decodeLine, encodeText } from './line.ts'
import type { Cell } from './model.ts'
import type { AbilityCheck, BucketFilter } from './source.ts'

/** Columns that the gateway derives; those that a fork added are its own. */
const DERIVED = ['enabled', 'priority', 'weight', 'tag'] as const

export interface AbilityReading extends AbilityCheck {
  readonly reader: DatabaseReader
  readonly catalog: Catalog
  /** Derived columns that this gateway has. */
  readonly derived: readonly string[]
}

export function derivedColumns(catalog: Catalog): string[] {
  return DERIVED.filter((column) => catalog.get('abilities')?.has(column))
}

/**
 * Ids of the channels whose abilities are not what the gateway derives from them, as they are
 * stored. Channels and abilities are streamed one after the other; of a channel only a digest is
 * kept, so that memory does not grow with the abilities.
 */
export async function findStale(reading: AbilityReading): Promise<Set<string>> {
  const { expected, digests } = await expectedDigests(reading)
  const filter = await bucketFilter(reading, digests)
  if (filter?.wanted.size === 0) return new Set()
  const stale = new Set<string>()
  for await (const { id, digest } of actualDigests(reading, filter)) {
    if (expected.get(id) !== digest) stale.add(id)
    expected.delete(id)
  }
  // What is left has no abilities; in other buckets both sides are known to agree.
  for (const id of expected.keys()) {
    if (filter === undefined || isWanted(filter, id)) stale.add(id)
  }
  return stale
}

interface Expected {
  /** Channel id to the digest of its abilities. */
  readonly expected: Map<string, string>
  readonly digests: BucketDigests | null
}

async function expectedDigests(reading: AbilityReading): Promise<Expected> {
  const { reader, catalog, buckets } = reading
  const columns = ABILITY_SOURCE_COLUMNS.filter((name) => catalog.get('channels')?.has(name))
  const digests = buckets === 0 ? null : new BucketDigests(buckets, 1)
  const expected = new Map<string, string>()
  const request = streamRequest(catalog, 'channels', ['id', ...columns])
  for await (const batch of reader.stream(request)) {
    for (const line of batch) {
      const end = line.indexOf('\t')
      const id = line.slice(0, end)
      expected.set(id, expectedDigest(reading, columns, line.slice(end + 1), id, digests))
    }
  }
  return { expected, digests }
}

function expectedDigest(
  { derived, known }: AbilityReading,
  columns: readonly string[],
  source: string,
  id: string,
  digests: BucketDigests | null,
): string {
  const place = hash('sha256', `${columns.join()}\n${derived.join()}\n${source}`, 'base64')
  const before = known.get(place)
  if (before !== undefined && digests === null) return before
  const lines = derivedLines(canonicalCells('channels', columns, source), derived)
  for (const line of lines) digests?.add(`${id}\t${line}`)
  const digest = digestOf(lines)
  known.set(place, digest)
  return digest
}

/** Lines of the abilities of a channel, without its id, in no order. */
function derivedLines(cells: ReadonlyMap<string, Cell>, derived: readonly string[]): string[] {
  const source = Object.fromEntries(
    ABILITY_SOURCE_COLUMNS.map((name) => [name, cells.get(name) ?? null]),
  ) as unknown as AbilityChannel
  const values = abilityCells(derivedCells(source))
  const rest = derived.map((column) => `\t${encodeText(values.get(column) ?? null)}`).join('')
  return derivedNames(source).map(
    ({ group, model }) => `${encodeText(group)}\t${encodeText(model)}${rest}`,
  )
}

async function bucketFilter(
  { reader, catalog, derived, progress, buckets }: AbilityReading,
  digests: BucketDigests | null,
): Promise<BucketFilter | undefined> {
  if (digests === null) return undefined
  const actual = await reader.digest(abilityRequest(catalog, derived), buckets)
  if (actual === null) return undefined
  const wanted = differingBuckets(digests.result(), actual)
  const rows = [...actual].filter(([bucket]) => !wanted.has(bucket))
  progress.rows += countRows(new Map(rows))
  return { count: buckets, wanted }
}

function isWanted({ count, wanted }: BucketFilter, id: string): boolean {
  return wanted.has(bucketOfLine(id, 1, count))
}

async function* actualDigests(
  { reader, catalog, derived, progress, onAbility }: AbilityReading,
  buckets: BucketFilter | undefined,
): AsyncGenerator<{ readonly id: string; readonly digest: string }> {
  const request = abilityRequest(catalog, derived)
  let id: string | null = null
  let block: string[] = []
  for await (const lines of reader.stream(
    buckets === undefined ? request : { ...request, buckets },
  )) {
    progress.rows += lines.length
    for (const line of lines) {
      onAbility?.(line)
      const end = line.indexOf('\t')
      const owner = line.slice(0, end)
      if (owner !== id) {
        if (id !== null) yield { id, digest: digestOf(block) }
        id = owner
        block = []
      }
      block.push(line.slice(end + 1))
    }
  }
  if (id !== null) yield { id, digest: digestOf(block) }
}

/** In any order that both sides have in common. Half of a SHA-256 is enough where nobody forges. */
function digestOf(lines: string[]): string {
  return hash('sha256', lines.toSorted().join('\n'), 'base64').slice(0, 22)
}

/** By channel only: an index gives that order, and the digest brings its own. */
function abilityRequest(catalog: Catalog, derived: readonly string[]): StreamRequest {
  return streamRequest(catalog, 'abilities', ['channel_id', 'group', 'model', ...derived])
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

function canonicalCells(
  table: string,
  columns: readonly string[],
  line: string,
): Map<string, Cell> {
  const raw = decodeLine(line)
  return new Map(
    columns.map((name, index) => {
      const value = raw[index] ?? null
      return [name, value === null ? null : canonicalCell(columnRule(table, name), value)]
    }),
  )
}
