import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Catalog, DatabaseReader, StreamColumn, StreamRequest } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, abilityCells, diffAbilities } from '../diff/abilities.ts'
import { type AbilityChannel, derivedCells, derivedNames } from '../gateway/abilities.ts'
import { columnRule } from '../gateway/columns.ts'
import { Fingerprinter } from './fingerprint.ts'
import { decodeLine, encodeText } from './line.ts'
import type { Cell } from './model.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { readRows } from './read.ts'
import type { StaleChannel } from './source.ts'

/** Columns that the gateway derives; those that a fork added are its own. */
const DERIVED = ['enabled', 'priority', 'weight', 'tag'] as const

/** Rows that are read again at once to say what is wrong with them. */
const DETAIL_BATCH = 200

/**
 * Compares the abilities of a database with what the gateway derives from its channels. Both are
 * streamed, one after the other; of a channel only a digest is kept, so that memory does not grow
 * with the abilities. Channels that differ are read again for what exactly is wrong.
 */
export async function* readStaleAbilities(
  reader: DatabaseReader,
  catalog: Catalog,
  progress: { rows: number },
): AsyncGenerator<StaleChannel> {
  const derived = DERIVED.filter((column) => catalog.get('abilities')?.has(column))
  const expected = await expectedDigests(reader, catalog, derived)
  const stale = new Set<string>()
  for await (const { id, digest } of actualDigests(reader, catalog, derived, progress)) {
    if (expected.get(id) !== digest) stale.add(id)
    expected.delete(id)
  }
  // What is left derives abilities and has none.
  for (const id of expected.keys()) stale.add(id)
  // A channel_id that is no number cannot be anybody's.
  const [ids, strays] = [
    [...stale].filter((id) => /^-?\d+$/.test(id)),
    [...stale].filter((id) => !/^-?\d+$/.test(id)),
  ]
  for (const id of strays) {
    yield { channel: [id], isOrphan: true, insert: 0, update: 0, remove: 1 }
  }
  for (let start = 0; start < ids.length; start += DETAIL_BATCH) {
    yield* describeStale(reader, catalog, derived, ids.slice(start, start + DETAIL_BATCH))
  }
}

async function expectedDigests(
  reader: DatabaseReader,
  catalog: Catalog,
  derived: readonly string[],
): Promise<Map<string, string>> {
  const columns = [
    'id',
    ...ABILITY_SOURCE_COLUMNS.filter((name) => catalog.get('channels')?.has(name)),
  ]
  const request = streamRequest(catalog, 'channels', columns, 1)
  const digests = new Map<string, string>()
  for await (const lines of reader.stream(request)) {
    for (const line of lines) {
      const cells = canonicalCells('channels', columns, line)
      digests.set(cells.get('id') ?? '', digestOf(derivedLines(cells, derived)))
    }
  }
  return digests
}

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

interface ActualDigest {
  readonly id: string
  readonly digest: string
}

async function* actualDigests(
  reader: DatabaseReader,
  catalog: Catalog,
  derived: readonly string[],
  progress: { rows: number },
): AsyncGenerator<ActualDigest> {
  const columns = ['channel_id', 'group', 'model', ...derived]
  const request = streamRequest(catalog, 'abilities', columns, 3)
  let id: string | null = null
  let block: string[] = []
  for await (const lines of reader.stream(request)) {
    progress.rows += lines.length
    for (const line of lines) {
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

/** In any order that both sides have in common. Half of a SHA-256 is more than enough to tell blocks apart that nobody forges. */
function digestOf(lines: readonly string[]): string {
  return hash('sha256', lines.toSorted().join('\n'), 'base64').slice(0, 22)
}

function streamRequest(
  catalog: Catalog,
  table: string,
  columns: readonly string[],
  keyLength: number,
): StreamRequest {
  return {
    table,
    keyLength,
    columns: columns.map((name): StreamColumn => ({
      name,
      family: catalog.get(table)?.get(name)?.family ?? 'other',
    })),
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

async function* describeStale(
  reader: DatabaseReader,
  catalog: Catalog,
  derived: readonly string[],
  ids: readonly string[],
): AsyncGenerator<StaleChannel> {
  const isOneOf = (column: string) => () =>
    sql<boolean>`${sql.ref(column)} in (${sql.join(ids.map(BigInt))})`
  const [channels, abilities] = await readRows(reader, catalog, new Fingerprinter(), [
    {
      table: 'channels',
      columns: ['name', 'type', ...ABILITY_SOURCE_COLUMNS],
      where: isOneOf('channels.id'),
    },
    { table: 'abilities', columns: derived, where: isOneOf('abilities.channel_id') },
  ])
  for (const id of ids) {
    const channel = channels!.find(({ locator }) => locator?.['id'] === id)
    const current = abilities!.filter(({ locator }) => locator?.['channel_id'] === id)
    if (channel === undefined) {
      yield { channel: [id], isOrphan: true, insert: 0, update: 0, remove: current.length }
      continue
    }
    const { key, cells } = channel
    const change = diffAbilities({ key, channelId: id, channel: cells, current })
    // Written otherwise and read alike, such as a NULL tag for an empty one.
    if (change === null) continue
    yield {
      channel: [cells.get('name') ?? '', cells.get('type') ?? ''],
      isOrphan: false,
      insert: change.insert.length,
      update: change.update.length,
      remove: change.remove.length,
    }
  }
}
