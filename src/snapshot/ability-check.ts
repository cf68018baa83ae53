import { sql } from 'kysely'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, diffAbilities } from '../diff/abilities.ts'
import { derivedColumns, findStale } from './ability-digests.ts'
import { Fingerprinter } from './fingerprint.ts'
import { readRows } from './read.ts'
import type { AbilityCheck, StaleChannel } from './source.ts'

/** Channels that are read again at once to say what is wrong with them. */
const DETAIL_BATCH = 200

/** Compares the abilities of a database with what the gateway derives from its channels. */
export async function* readStaleAbilities(
  reader: DatabaseReader,
  catalog: Catalog,
  check: AbilityCheck,
): AsyncGenerator<StaleChannel> {
  const derived = derivedColumns(catalog)
  const stale = [...(await findStale({ reader, catalog, derived, ...check }))]
  const isId = (id: string): boolean => /^-?\d+$/.test(id)
  // A channel_id that is no number cannot be anybody's.
  for (const id of stale.filter((one) => !isId(one))) {
    yield { channel: [id], isOrphan: true, insert: 0, update: 0, remove: 1 }
  }
  const ids = stale.filter(isId)
  for (let start = 0; start < ids.length; start += DETAIL_BATCH) {
    yield* describeStale(reader, catalog, derived, ids.slice(start, start + DETAIL_BATCH))
  }
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
