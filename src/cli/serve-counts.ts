import { sql } from 'kysely'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import {
  channelTypeName,
  channelTypeVariable,
  resolveChannelType,
} from '../gateway/channel-types.ts'
import { recogniseVersion } from '../gateway/versions.ts'
import type { MigrationFile } from '../migrate/files.ts'
import type { LedgerRecord } from '../migrate/ledger.ts'
import { MIGRATION_STATES, planMigrations } from '../migrate/plan.ts'
import type { CheckResult } from '../serve/check.ts'
import { readRows } from '../snapshot/read.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Enabled channels by type, and those of the type that Bltcy has in this gateway. */
export async function countChannels(
  reader: DatabaseReader,
  catalog: Catalog,
  variables: Variables,
): Promise<Pick<CheckResult, 'enabledChannels' | 'bltcyChannels'>> {
  const version = recogniseVersion(catalog)
  const [rows] = await readRows(reader, catalog, null, [
    {
      table: 'channels',
      columns: ['type', 'status'],
      where: () => sql<boolean>`${sql.ref('channels.status')} = 1`,
    },
  ])
  const types = rows!.map(({ cells }) => cells.get('type') ?? '')
  const bltcy = String(bltcyType(version, variables))
  return {
    enabledChannels: countBy(types, (type) => channelTypeName(version, Number(type)) ?? 'other'),
    bltcyChannels: types.filter((type) => type === bltcy).length,
  }
}

function bltcyType(version: ReturnType<typeof recogniseVersion>, variables: Variables): number {
  const override = variables[channelTypeVariable('bltcy')] ?? ''
  const number = /^\d{1,9}$/.test(override) ? Number(override) : null
  return resolveChannelType('bltcy', version, number).number
}

const LEDGER = 'tidegate_ledger'

/** Migrations per state; every state is there. */
export async function countMigrations(
  reader: DatabaseReader,
  catalog: Catalog,
  files: readonly MigrationFile[],
): Promise<CheckResult['migrations']> {
  const states = planMigrations(files, await readLedger(reader, catalog))
  const counts = countBy(states, ({ state }) => state)
  return new Map(MIGRATION_STATES.map((state) => [state, counts.get(state) ?? 0]))
}

async function readLedger(reader: DatabaseReader, catalog: Catalog): Promise<LedgerRecord[]> {
  if (!catalog.has(LEDGER)) return []
  const columns = ['name', 'checksum', 'state', 'applied_at', 'run_id', 'tool_version', 'reason']
  const [rows] = await readRows(reader, catalog, null, [{ table: LEDGER, columns, verbatim: true }])
  return rows!.map(({ cells }) => ({
    name: cells.get('name') ?? '',
    checksum: cells.get('checksum') ?? '',
    state: cells.get('state') === 'started' ? 'started' : 'applied',
    appliedAt: cells.get('applied_at') ?? '',
    durationMs: 0,
    runId: cells.get('run_id') ?? '',
    toolVersion: cells.get('tool_version') ?? '',
    notes: new Map(),
    reason: cells.get('reason') ?? null,
  }))
}

function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}
