import type { Catalog, Database } from '../database/contract.ts'
import type { CellChange, Change } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import {
  channelTypeName,
  channelTypeVariable,
  resolveChannelType,
} from '../gateway/channel-types.ts'
import { splitList } from '../gateway/lists.ts'
import type { GatewayVersion } from '../gateway/versions.ts'
import type { DeclaredCell, DeclaredChannel, DeclaredSeed } from '../seed/declare.ts'
import { planSeedsIn, readSeedWorld, type SeedPlan } from '../seed/plan.ts'
import type { SeedWorld } from '../seed/read.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { DeclaredChannelFacts } from './world.ts'

/** The channels that seeds declare, as `seed apply` would find them, each for itself. */
export async function readDeclared(
  database: Pick<Database, 'catalog' | 'read'>,
  seeds: readonly DeclaredSeed[],
  version: GatewayVersion | null,
): Promise<DeclaredChannelFacts[]> {
  if (seeds.every(({ channels }) => channels.length === 0)) return []
  const fingerprinter = new Fingerprinter()
  const input = { database, seeds, fingerprinter, adoptions: [] }
  const { world, catalog } = await readSeedWorld(input, 'if-present')
  return seeds.flatMap((seed) =>
    seed.channels.map((channel) => {
      const plan = () => planChannel({ world, catalog, fingerprinter }, seed, channel)
      return declaredFacts(seed, channel, version, plan)
    }),
  )
}

interface Planning {
  readonly world: SeedWorld
  readonly catalog: Catalog
  readonly fingerprinter: Fingerprinter
}

/** The same of a seed that was just applied: its rows are there as declared. */
export function declaredFromPlan(
  { seed, rows }: SeedPlan,
  version: GatewayVersion | null,
): DeclaredChannelFacts[] {
  return seed.channels.map((channel) => {
    const row = rows.find(({ base }) => base.rowKey === `channels:${channel.id}`)
    return declaredFacts(seed, channel, version, () => ({
      channelId: row?.rowId ?? null,
      changes: [],
      identity: null,
    }))
  })
}

type Plan = Pick<DeclaredChannelFacts, 'channelId' | 'changes' | 'identity'>

/** Settled by one seed alone, so that one row that cannot be told hides no other. */
function planChannel(
  { world, catalog, fingerprinter }: Planning,
  seed: DeclaredSeed,
  channel: DeclaredChannel,
): Plan {
  const seeds = [{ ...seed, channels: [channel], options: [] }]
  const input = { seeds, fingerprinter, adoptions: [], reEnable: false }
  const [plan] = planSeedsIn(world, catalog, input).plans
  const [row] = plan!.rows
  return {
    channelId: row!.rowId,
    changes: row!.rowId === null ? [] : row!.changes.flatMap(changedCells),
    identity: null,
  }
}

function changedCells(change: Change): DeclaredChannelFacts['changes'] {
  if (change.kind !== 'update') return []
  return change.cells.map(({ column, before, after, secret }: CellChange) => ({
    column,
    before: secret ? hidden(before) : before,
    after: secret ? hidden(after) : after,
  }))
}

function hidden(value: string | null): string {
  return value === null || value === '' ? '[empty]' : '[secret]'
}

function declaredFacts(
  seed: DeclaredSeed,
  channel: DeclaredChannel,
  version: GatewayVersion | null,
  plan: () => Plan,
): DeclaredChannelFacts {
  const { type } = channel
  const resolved =
    typeof type === 'number'
      ? { number: type, warnings: [] }
      : resolveChannelType(type.symbol, version, type.override)
  return {
    seed: seed.name,
    name: channel.name,
    type: String(resolved.number),
    typeMeaning: channelTypeName(version, resolved.number),
    isTypeMisfit: resolved.warnings.length > 0,
    typeVariable: typeof type === 'number' ? null : channelTypeVariable(type.symbol),
    models: elementsOf(channel.cells.get('models')),
    groups: elementsOf(channel.cells.get('group')),
    ...identified(plan),
  }
}

function identified(plan: () => Plan): Plan {
  try {
    return plan()
  } catch (error) {
    if (!(error instanceof TidegateError) || error.code !== 'identity') throw error
    const { candidates } = error.details as { candidates?: readonly { readonly id: string }[] }
    const ids = (candidates ?? []).map(({ id }) => id)
    return { channelId: null, changes: [], identity: { problem: error.message, candidates: ids } }
  }
}

function elementsOf(cell: DeclaredCell | undefined): readonly string[] {
  if (cell === undefined) return []
  if (cell.policy === 'include') return cell.elements
  return 'value' in cell && cell.value !== null ? splitList(cell.value) : []
}
