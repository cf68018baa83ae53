import { sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import type { AbilityFacts, ChannelFacts } from '../gateway/facts.ts'
import type { CacheMode } from '../gateway/routing.ts'
import type { GatewayVersion } from '../gateway/versions.ts'
import { visibilityFacts } from '../gateway/visibility.ts'
import { routingProfile } from '../gateway/routing-profile.ts'
import { splitList } from '../gateway/lists.ts'
import type { SeedPlan } from '../seed/plan.ts'
import type { Row } from '../snapshot/model.ts'
import { declaredFromPlan } from './declared.ts'
import type { Finding } from './diagnosis.ts'
import { findAll } from './findings.ts'
import { hideNames } from './hide-names.ts'
import { channelsPart } from './read-channels.ts'
import { optionsPart } from './read-options.ts'
import { type Part, readParts } from './read-parts.ts'
import { findRoutes } from './routes.ts'
import { ALL_RULES } from './rules/index.ts'
import type { AbilityWorld, World } from './world.ts'

export interface ExamineDeclaredInput {
  readonly database: Pick<Database, 'dialect' | 'read'>
  readonly environment: string
  readonly catalog: Catalog
  readonly version: GatewayVersion | null
  /** Plans that were just applied, or had nothing to write. */
  readonly plans: readonly SeedPlan[]
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly modes: readonly CacheMode[]
}

/**
 * Whether requests for the declared models, from the groups in which they are declared, are routed:
 * what `deploy` ends with. Looks only at the channels and abilities of those models, in one query,
 * and not at tokens.
 */
export async function examineDeclared(input: ExamineDeclaredInput): Promise<Finding[]> {
  const declared = input.plans.flatMap((plan) => declaredFromPlan(plan, input.version))
  const models = [...new Set(declared.flatMap((channel) => channel.models))]
  if (models.length === 0) return []
  const { database, catalog, version, variables } = input
  const [channels, options, rows] = await readParts<Parts>(database, catalog, [
    channelsPart(catalog, () => concerns(models)),
    optionsPart(),
    abilitiesPart(models),
  ])
  const facts = {
    ...input,
    dialect: database.dialect,
    scope: { path: null, models, token: null, user: null, group: null },
    now: new Date(),
    declared,
    models,
    channels,
    options,
    abilities: await abilityWorld(input, channels, rows),
    tokens: [],
    users: new Map(),
    unfit: [],
    sequences: [],
    connection: null,
    pool: null,
    recentRuns: [],
    profile: routingProfile(version),
    visibility: visibilityFacts(variables, version),
  }
  const world: World = { ...facts, routes: findRoutes(facts) }
  return hideNames(findAll(world, ALL_RULES))
}

type Parts = [Map<string, ChannelFacts>, World['options'], readonly AbilityFacts[]]

/** Wider than it has to be: the lists decide, and abilities also name channels that list nothing. */
function concerns(models: readonly string[]) {
  const parts = models.map(
    (model) => sql`channels.models like ${`%${escapeLike(model)}%`} escape '!'`,
  )
  const routed = sql`select abilities.channel_id from abilities where ${isAsked(models)}`
  return sql<boolean>`(${sql.join(parts, sql` or `)} or channels.id in (${routed}))`
}

function escapeLike(text: string): string {
  return text.replaceAll(/[!%_]/g, '!$&')
}

function isAsked(models: readonly string[]) {
  return sql<boolean>`abilities.model in (${sql.join(models)})`
}

function abilitiesPart(models: readonly string[]): Part<readonly AbilityFacts[]> {
  return {
    reads: [
      {
        table: 'abilities',
        columns: ['enabled', 'priority', 'weight'],
        where: () => isAsked(models),
      },
    ],
    finish: ([rows = []]) => rows.map(toAbility),
  }
}

function toAbility({ cells }: Row): AbilityFacts {
  return {
    group: cells.get('group') ?? '',
    model: cells.get('model') ?? '',
    channelId: cells.get('channel_id') ?? '',
    enabled: cells.get('enabled') ?? null,
    priority: cells.get('priority') ?? null,
    weight: cells.get('weight') ?? null,
  }
}

async function abilityWorld(
  { database, catalog }: ExamineDeclaredInput,
  channels: ReadonlyMap<string, ChannelFacts>,
  rows: readonly AbilityFacts[],
): Promise<AbilityWorld> {
  const groups = new Set(rows.map(({ group }) => group))
  const named = [...channels.values()].flatMap((channel) => splitList(channel.group))
  const unseen = [...new Set(named)].filter((group) => !groups.has(group))
  // Rows of other models may have the group.
  if (unseen.length > 0) {
    const [others] = await readParts<[readonly AbilityFacts[]]>(database, catalog, [
      groupsPart(unseen),
    ])
    for (const { group } of others) groups.add(group)
  }
  return {
    groups,
    of: (group, model) => rows.filter((row) => row.group === group && row.model === model),
    stale: new Map(),
    orphans: new Map(),
    misread: new Map(),
  }
}

/** A few rows of each of these groups that has any. */
function groupsPart(groups: readonly string[]): Part<readonly AbilityFacts[]> {
  const isOne = sql`abilities."group" in (${sql.join(groups)})`
  const owners = sql`select min(abilities.channel_id) from abilities where ${isOne} group by abilities."group"`
  return {
    reads: [
      {
        table: 'abilities',
        columns: [],
        where: () => sql<boolean>`(${isOne} and abilities.channel_id in (${owners}))`,
      },
    ],
    finish: ([rows = []]) => rows.map(toAbility),
  }
}
