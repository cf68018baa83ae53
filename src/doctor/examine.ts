import type { DatabaseReader } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import type { ChannelFacts, OptionFacts } from '../gateway/facts.ts'
import { splitList } from '../gateway/lists.ts'
import { modelOfPath } from '../gateway/model-names.ts'
import { routingProfile } from '../gateway/routing-profile.ts'
import type { CacheMode } from '../gateway/routing.ts'
import { type GatewayVersion, missingCoreTables, recogniseVersion } from '../gateway/versions.ts'
import { visibilityFacts } from '../gateway/visibility.ts'
import type { DeclaredSeed } from '../seed/declare.ts'
import { guideChecks } from './checks.ts'
import { readDeclared } from './declared.ts'
import type { ConnectionFacts, Diagnosis, Scope } from './diagnosis.ts'
import { findAll } from './findings.ts'
import { longNames } from './long-names.ts'
import { poolFacts } from './pool.ts'
import { readAbilities } from './read-abilities.ts'
import { type Access, readAccess } from './read-access.ts'
import { channelsPart } from './read-channels.ts'
import { optionsPart } from './read-options.ts'
import { type Part, readParts } from './read-parts.ts'
import { readRecentRuns } from './recent-runs.ts'
import { hideNames } from './hide-names.ts'
import { findRoutes } from './routes.ts'
import type { Severity } from './rule-table.ts'
import { ALL_RULES } from './rules/index.ts'
import { gatewaySummary, verdictOf } from './summary.ts'
import type { World } from './world.ts'

export interface ExamineInput {
  readonly reader: DatabaseReader
  readonly environment: string
  readonly toolVersion: string
  readonly scope: Scope
  readonly seeds: readonly DeclaredSeed[]
  /** The gateway's, as far as they are known here. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly modes: readonly CacheMode[]
  /** The least severity that fails. */
  readonly failOn: Severity
  /** Null when connecting was not measured. */
  readonly connection: ConnectionFacts | null
  readonly now?: Date
}

/**
 * Reads one moment of the database and says which requests are routed, and if not, why.
 * @throws TidegateError when the database is no gateway's or the scope names what is not there.
 */
export async function examine(input: ExamineInput): Promise<Diagnosis> {
  const world = await input.reader.snapshot(() => readWorld(input))
  const findings = findAll(world, ALL_RULES)
  const { reader, environment, toolVersion, failOn } = input
  return hideNames({
    schemaVersion: 1,
    tool: { name: 'tidegate', version: toolVersion },
    environment,
    database: { dialect: reader.dialect, label: reader.label },
    gateway: gatewaySummary(world),
    takenAt: world.now.toISOString(),
    modes: world.modes,
    scope: world.scope,
    verdict: verdictOf(findings, world.routes, failOn),
    checks: guideChecks(world, findings),
    findings,
    routes: world.routes,
    connection: world.connection,
    pool: world.pool,
    visibility: world.visibility,
  })
}

/** Not `abilities`, which are many: `longNames` judges what they are made of. */
const UNFIT_TABLES = ['channels', 'tokens', 'options', 'users', 'models', 'vendors']

async function readWorld(input: ExamineInput): Promise<World> {
  const { reader, scope, variables, now = new Date() } = input
  const catalog = await reader.catalog()
  const version = recogniseVersion(catalog)
  if (version === null) throw notAGateway(missingCoreTables(catalog))
  const declared = await readDeclared(reader, input.seeds, version)
  const parts: [Part<Map<string, ChannelFacts>>, Part<OptionFacts>] = [
    channelsPart(catalog),
    optionsPart(),
  ]
  const [channels, options] = await readParts(reader, catalog, parts)
  const models = askedModels(scope, version, declared, channels)
  const abilities = await readAbilities({ reader, catalog, channels, models: new Set(models) })
  const access = await readAccess(reader, catalog, scope)
  assertFound(scope, access)
  const visibility = visibilityFacts(variables, version)
  const facts = {
    ...access,
    catalog,
    version,
    declared,
    channels,
    abilities,
    models,
    options,
    unfit: [
      ...(await reader.unfit(UNFIT_TABLES.filter((table) => catalog.has(table)))),
      ...longNames(channels.values(), catalog),
    ],
    sequences: await reader.sequences(),
    pool: poolFacts(await reader.server(), variables),
    visibility,
    recentRuns: await readRecentRuns(reader, catalog, now, visibility.syncSeconds),
    profile: routingProfile(version),
    now,
  }
  const routes = findRoutes({ ...facts, scope, modes: input.modes })
  return { ...input, ...facts, dialect: reader.dialect, routes }
}

/** Those that are named, else those that seeds declare, else those that any enabled channel lists. */
function askedModels(
  { models, path }: Scope,
  version: GatewayVersion,
  declared: World['declared'],
  channels: ReadonlyMap<string, ChannelFacts>,
): string[] {
  const named = path === null ? models : [...models, modelFor(version, path)]
  if (named.length > 0) return [...new Set(named)]
  const seeded = declared.flatMap((channel) => channel.models)
  if (seeded.length > 0) return [...new Set(seeded)]
  const enabled = [...channels.values()].filter(({ status }) => status === '1')
  return [...new Set(enabled.flatMap((channel) => splitList(channel.models)))]
}

function modelFor(version: GatewayVersion, path: string): string {
  const model = modelOfPath(version, path)
  if (model !== null) return model
  throw new TidegateError('usage', `${version.label} gives this path no model of its own`, {
    nextStep: 'name the model that the request asks for: --model NAME',
  })
}

function assertFound({ token, user }: Scope, { tokens, users }: Access): void {
  if (user !== null && ![...users.values()].some(({ name }) => name === user)) {
    throw new TidegateError('usage', 'no live user has the name that --user says', {
      nextStep: 'check the name: upper and lower case count',
    })
  }
  if ((token === null && user === null) || tokens.length > 0) return
  throw new TidegateError('usage', 'no live token has the name, or belongs to the user', {
    nextStep: 'check --token-name and --user; the names are those of the admin page',
  })
}

function notAGateway(missing: readonly string[]): TidegateError {
  const tables = missing.length === 0 ? '' : `: it lacks ${missing.join(', ')}`
  return new TidegateError('not-a-gateway', `this is no gateway's database${tables}`, {
    nextStep: 'check which database the run is connected to, or make its tables: tidegate deploy',
  })
}
