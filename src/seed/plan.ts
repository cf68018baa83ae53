import { assertFits } from '../apply/limits.ts'
import { SecretValues } from '../apply/secrets.ts'
import type { Catalog, Database } from '../database/contract.ts'
import { diffAbilities } from '../diff/abilities.ts'
import type { Change } from '../diff/change.ts'
import { diffRow } from '../diff/rows.ts'
import { TidegateError } from '../errors.ts'
import { resolveChannelType } from '../gateway/channel-types.ts'
import { type GatewayVersion, recogniseVersion } from '../gateway/versions.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Cell, Row } from '../snapshot/model.ts'
import type { DeclaredCell, DeclaredChannel, DeclaredSeed } from './declare.ts'
import { type ChannelIdentity, identifyChannel } from './identity.ts'
import { withOptions } from './next-world.ts'
import { readWorld, type SeedWorld, type WorldInput } from './read.ts'
import { type Resolved, type ResolveInput, resolveChannel, resolveOption } from './resolve.ts'
import type { BaseRow } from '../apply/memory.ts'
import type { SeedRecord } from './state.ts'

/** `--adopt ID`, or `--adopt SEED=ID`, or `--adopt SEED/CHANNEL=ID` where that is not enough. */
export interface Adoption {
  readonly channel: string | null
  readonly id: string
}

export interface SeedPlanInput {
  readonly database: Pick<Database, 'catalog' | 'read'>
  readonly seeds: readonly DeclaredSeed[]
  readonly fingerprinter: Fingerprinter
  readonly adoptions: readonly Adoption[]
  readonly reEnable: boolean
}

export interface PlannedRow {
  readonly base: Omit<BaseRow, 'rowId'>
  /** Natural key in this plan's changes. */
  readonly key: string
  /** Id, or key where the table has no id; null while the row does not exist. */
  readonly rowId: string | null
  readonly outcome: 'created' | 'updated' | 'unchanged'
  /** For people: the channel's name, the option's key. */
  readonly label: string
  readonly changes: readonly Change[]
}

export interface SeedPlan {
  readonly seed: DeclaredSeed
  readonly rows: readonly PlannedRow[]
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
  /** `applied`: as last applied; `changed`: declared differently since; `never`: not yet applied. */
  readonly state: 'applied' | 'changed' | 'never'
  /** The run that last wrote it; null when it was never applied. */
  readonly lastRunId: string | null
  /** Whether a run has nothing to write, not even what tidegate remembers. */
  readonly isSettled: boolean
}

export interface SeedPlans {
  readonly plans: readonly SeedPlan[]
  readonly version: GatewayVersion | null
  readonly catalog: Catalog
  readonly secrets: SecretValues
}

/**
 * What every seed would change in the database, in two queries and without writing.
 * @throws TidegateError when a row cannot be identified or a value does not fit.
 */
export async function planSeeds(input: SeedPlanInput): Promise<SeedPlans> {
  assertAdoptable(input)
  const { world, catalog } = await readSeedWorld(input, 'required')
  return planSeedsIn(world, catalog, input)
}

/** Everything that planning needs to know of a database, in two queries. */
export async function readSeedWorld(
  input: Omit<SeedPlanInput, 'reEnable'>,
  state: WorldInput['state'],
): Promise<{ world: SeedWorld; catalog: Catalog }> {
  const catalog = await input.database.catalog()
  const types = typesOf(input.seeds, recogniseVersion(catalog))
  const world = await readWorld({
    ...input,
    catalog,
    state,
    types: [...types.values()].map(({ number }) => String(number)),
    adoptIds: input.adoptions.map(({ id }) => id),
  })
  return { world, catalog }
}

/**
 * The same for rows that were read already. Pure.
 * @throws TidegateError when a row cannot be identified or a value does not fit.
 */
export function planSeedsIn(
  world: SeedWorld,
  catalog: Catalog,
  input: Omit<SeedPlanInput, 'database'>,
): SeedPlans {
  const version = recogniseVersion(catalog)
  const types = typesOf(input.seeds, version)
  const secrets = new SecretValues()
  const planner = new Planner({ ...input, catalog, secrets }, world, types)
  const plans = input.seeds.map((seed) => planner.plan(seed))
  for (const { changes } of plans) assertFits(changes, catalog, secrets)
  return { plans, version, catalog, secrets }
}

function typesOf(seeds: readonly DeclaredSeed[], version: GatewayVersion | null): ChannelTypes {
  return new Map(seeds.flatMap((seed) => channelTypes(seed, version)))
}

type ChannelTypes = ReadonlyMap<DeclaredChannel, { number: number; warnings: readonly string[] }>

function channelTypes(
  { channels }: DeclaredSeed,
  version: GatewayVersion | null,
): [DeclaredChannel, { number: number; warnings: readonly string[] }][] {
  return channels.map((channel) => {
    const { type } = channel
    if (typeof type === 'number') return [channel, { number: type, warnings: [] }]
    return [channel, resolveChannelType(type.symbol, version, type.override)]
  })
}

/** @throws TidegateError `usage` when an adoption does not mean exactly one channel. */
function assertAdoptable({ seeds, adoptions }: Pick<SeedPlanInput, 'seeds' | 'adoptions'>): void {
  const channels = seeds.flatMap((seed) => seed.channels.map((channel) => ({ seed, channel })))
  for (const adoption of adoptions) {
    const meant = channels.filter(({ seed, channel }) => isMeant(adoption, seed, channel))
    if (meant.length === 1) continue
    const names = channels.map(({ seed, channel }) => `${seed.name}/${channel.id}`)
    throw new TidegateError('usage', '--adopt: which declared channel is meant is not clear', {
      nextStep: `write --adopt CHANNEL=ID with one of: ${names.join(', ')}`,
    })
  }
}

function isMeant(adoption: Adoption, seed: DeclaredSeed, channel: DeclaredChannel): boolean {
  const names = [null, seed.name, `${seed.name}/${channel.id}`]
  return names.includes(adoption.channel)
}

class Planner {
  readonly #input: Omit<SeedPlanInput, 'database'> & ResolveInput
  #world: SeedWorld
  readonly #types: ChannelTypes

  constructor(
    input: Omit<SeedPlanInput, 'database'> & ResolveInput,
    world: SeedWorld,
    types: ChannelTypes,
  ) {
    this.#input = input
    this.#world = world
    this.#types = types
  }

  /** Seeds are written in their order: the next one meets what this one made. */
  plan(seed: DeclaredSeed): SeedPlan {
    const warnings = [...seed.warnings]
    const rows = [
      ...seed.channels.map((channel) => this.#planChannel(seed, channel, warnings)),
      ...seed.options.map((option) => {
        const current = this.#world.options.find((row) => row.cells.get('key') === option.key)
        const stored = this.#world.optionTexts.get(option.key) ?? null
        const resolved = resolveOption(this.#input, option, current ?? null, stored)
        const changes = present([diffRow(resolved.desired, current ?? null)])
        return planned(
          seed,
          `options:${option.key}`,
          option.key,
          current ?? null,
          resolved,
          changes,
        )
      }),
    ]
    const changes = rows.flatMap((row) => row.changes)
    this.#world = withOptions(this.#world, changes)
    const record = this.#world.records.find(({ name }) => name === seed.name)
    const state = stateOf(seed, record)
    const isRemembered = rows.every((row) => this.#isRemembered(row))
    const isSettled = changes.length === 0 && state === 'applied' && isRemembered
    const lastRunId = record?.runId ?? null
    return { seed, rows, changes, warnings, state, lastRunId, isSettled }
  }

  #planChannel(seed: DeclaredSeed, channel: DeclaredChannel, warnings: string[]): PlannedRow {
    const { number, warnings: typeWarnings } = this.#types.get(channel)!
    const rowKey = `channels:${channel.id}`
    const { row, lookalikes } = identifyChannel(
      identityOf(seed, channel, String(number)),
      this.#world.channels,
      {
        recordedId: this.#recorded(seed, rowKey)?.rowId ?? null,
        adoptId: this.#input.adoptions.find((one) => isMeant(one, seed, channel))?.id ?? null,
      },
    )
    const resolved = resolveChannel(this.#input, channel, String(number), row)
    warnings.push(...typeWarnings, ...resolved.warnings, ...lookalikes.map(lookalikeWarning))
    const changes = present([
      diffRow(resolved.desired, row),
      diffAbilities({
        key: resolved.desired.key,
        channelId: row?.locator?.['id'] ?? null,
        channel: new Map([...(row?.cells ?? []), ...resolved.desired.cells]),
        current: this.#abilitiesOf(row),
      }),
    ])
    return planned(seed, rowKey, channel.name, row, resolved, changes)
  }

  #abilitiesOf(row: Row | null): Row[] {
    const id = row?.locator?.['id']
    return this.#world.abilities.filter(({ locator }) => locator?.['channel_id'] === id)
  }

  #recorded(seed: DeclaredSeed, rowKey: string): BaseRow | undefined {
    return this.#world.base.find((row) => row.seed === seed.name && row.rowKey === rowKey)
  }

  #isRemembered({ base, rowId }: PlannedRow): boolean {
    return this.#world.base.some(
      (row) =>
        row.seed === base.seed &&
        row.rowKey === base.rowKey &&
        row.rowId === rowId &&
        row.cells === base.cells,
    )
  }
}

function stateOf(seed: DeclaredSeed, record: SeedRecord | undefined): SeedPlan['state'] {
  if (record === undefined) return 'never'
  return record.checksum === seed.checksum ? 'applied' : 'changed'
}

function identityOf(seed: DeclaredSeed, channel: DeclaredChannel, type: string): ChannelIdentity {
  const url = channel.cells.get('base_url')
  const models = channel.cells.get('models')
  return {
    seed: seed.name,
    type,
    name: channel.name,
    baseUrl: url !== undefined && 'value' in url ? url.value : null,
    models: models === undefined ? [] : elementsOf(models),
  }
}

function elementsOf(cell: DeclaredCell): readonly string[] {
  if (cell.policy === 'include') return cell.elements
  return 'value' in cell ? (cell.value ?? '').split(',') : []
}

function planned(
  seed: DeclaredSeed,
  rowKey: string,
  label: string,
  current: Row | null,
  { desired, base }: Resolved,
  changes: readonly Change[],
): PlannedRow {
  const rowId =
    current === null ? null : (current.locator?.['id'] ?? current.locator?.['key'] ?? null)
  return {
    base: { seed: seed.name, rowKey, table: desired.table, cells: canonicalJson(base) },
    key: desired.key,
    rowId,
    outcome: current === null ? 'created' : changes.length > 0 ? 'updated' : 'unchanged',
    label,
    changes,
  }
}

function canonicalJson(cells: ReadonlyMap<string, Cell>): string {
  return JSON.stringify(Object.fromEntries([...cells].toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

function present(changes: readonly (Change | null)[]): Change[] {
  return changes.filter((change) => change !== null)
}

function lookalikeWarning(row: Row): string {
  const { id = '' } = row.locator ?? {}
  return `channel ${id} (type ${row.cells.get('type') ?? ''}) looks like the same channel and was left alone`
}
