import type { Catalog, DatabaseReader } from '../database/contract.ts'
import type { ChannelFacts } from '../gateway/facts.ts'
import { readRebuilds } from '../snapshot/ability-check.ts'
import { AbilityIndex } from './ability-index.ts'
import type { AbilityWorld, StaleAbilities } from './world.ts'

export interface AbilityReading {
  readonly reader: DatabaseReader
  readonly catalog: Catalog
  readonly channels: ReadonlyMap<string, ChannelFacts>
  /** Models that the run asks about; rows of others are only checked. */
  readonly models: ReadonlySet<string>
}

/** Reads `abilities` once: indexed for routing, and compared with what the channels derive. */
export async function readAbilities(reading: AbilityReading): Promise<AbilityWorld> {
  const { reader, catalog, channels, models } = reading
  const index = new AbilityIndex(models)
  const stale = new Map<string, StaleAbilities>()
  const rebuilds = readRebuilds(reader, catalog, {
    progress: { rows: 0 },
    buckets: 0,
    onAbilities: (channelId, abilities) => index.add(channelId, abilities),
  })
  for await (const { channelId, change, orphans, enabledOnly } of rebuilds) {
    if (orphans > 0) index.orphans.set(channelId, orphans)
    if (change === null || !channels.has(channelId)) continue
    const { insert, update, remove } = change
    stale.set(channelId, {
      insert: insert.length,
      update: update.length,
      remove: remove.length,
      enabledOnly,
    })
  }
  return {
    groups: index.groups,
    orphans: index.orphans,
    misread: index.misread,
    of: (group, model) => index.of(group, model),
    stale,
  }
}
