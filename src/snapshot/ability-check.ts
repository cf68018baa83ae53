import { sql } from 'kysely'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS, diffAbilities, isEnabledOnly } from '../diff/abilities.ts'
import type { RebuildChange } from '../diff/change.ts'
import type { Row } from './model.ts'
import { readRows } from './read.ts'
import type { AbilityCheck, AbilityRow, StaleChannel } from './source.ts'
import { derivedColumns, findDoubtful } from './stale-abilities.ts'

/** Channels that are read again at once to say what is wrong with them. */
const DETAIL_BATCH = 200

/** A channel whose abilities are not what the gateway derives from it. */
export interface StaleRebuild {
  readonly channelId: string
  /** Null when no channel has the id. */
  readonly channel: Row | null
  /** Null for abilities without a channel. */
  readonly change: RebuildChange | null
  /** Abilities of an id that no channel has. */
  readonly orphans: number
  /** Rows to update that differ in `enabled` alone. */
  readonly enabledOnly: number
}

/** Compares the abilities of a database with what the gateway derives from its channels. */
export async function* readStaleAbilities(
  reader: DatabaseReader,
  catalog: Catalog,
  check: AbilityCheck,
): AsyncGenerator<StaleChannel> {
  for await (const { channelId, channel, change, orphans } of readRebuilds(
    reader,
    catalog,
    check,
  )) {
    if (change === null || channel === null) {
      yield { channel: [channelId], isOrphan: true, insert: 0, update: 0, remove: orphans }
      continue
    }
    yield {
      channel: [channel.cells.get('name') ?? '', channel.cells.get('type') ?? ''],
      isOrphan: false,
      insert: change.insert.length,
      update: change.update.length,
      remove: change.remove.length,
    }
  }
}

/** The same, with the change that sets each channel's abilities right. */
export async function* readRebuilds(
  reader: DatabaseReader,
  catalog: Catalog,
  check: AbilityCheck,
): AsyncGenerator<StaleRebuild> {
  const derived = derivedColumns(catalog)
  const doubtful = await findDoubtful({ reader, catalog, ...check })
  const isId = (id: string): boolean => /^-?\d+$/.test(id)
  // A channel_id that is no number cannot be anybody's.
  for (const [channelId, orphans] of doubtful) {
    if (isId(channelId)) continue
    yield { channelId, channel: null, change: null, orphans, enabledOnly: 0 }
  }
  const ids = [...doubtful.keys()].filter(isId)
  for (let start = 0; start < ids.length; start += DETAIL_BATCH) {
    const some = ids.slice(start, start + DETAIL_BATCH)
    for (const detail of await readDetails(reader, catalog, derived, some)) {
      check.onAbilities?.(detail.channelId, detail.current.map(toAbility))
      yield* describeStale(detail)
    }
  }
}

interface ChannelDetail {
  readonly channelId: string
  /** Null when no channel has the id. */
  readonly channel: Row | null
  readonly current: readonly Row[]
}

async function readDetails(
  reader: DatabaseReader,
  catalog: Catalog,
  derived: readonly string[],
  ids: readonly string[],
): Promise<ChannelDetail[]> {
  const isOneOf = (column: string) => () =>
    sql<boolean>`${sql.ref(column)} in (${sql.join(ids.map(BigInt))})`
  const [channels, abilities] = await readRows(reader, catalog, null, [
    {
      table: 'channels',
      columns: ['name', 'type', ...ABILITY_SOURCE_COLUMNS],
      where: isOneOf('channels.id'),
    },
    { table: 'abilities', columns: derived, where: isOneOf('abilities.channel_id') },
  ])
  const byId = Map.groupBy(abilities!, ({ locator }) => locator?.['channel_id'])
  return ids.map((channelId) => ({
    channelId,
    channel: channels!.find(({ locator }) => locator?.['id'] === channelId) ?? null,
    current: byId.get(channelId) ?? [],
  }))
}

function* describeStale({ channelId, channel, current }: ChannelDetail): Generator<StaleRebuild> {
  if (channel === null) {
    yield { channelId, channel, change: null, orphans: current.length, enabledOnly: 0 }
    return
  }
  const { key, cells } = channel
  const change = diffAbilities({ key, channelId, channel: cells, current })
  // Written otherwise and read alike, such as a NULL tag for an empty one.
  if (change === null) return
  const enabledOnly = change.update.filter(isEnabledOnly).length
  yield { channelId, channel, change, orphans: 0, enabledOnly }
}

function toAbility({ cells }: Row): AbilityRow {
  return { group: cells.get('group') ?? '', model: cells.get('model') ?? '', cells }
}
