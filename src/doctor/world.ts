import type { Catalog, SequenceState, UnfitValue } from '../database/contract.ts'
import type {
  AbilityFacts,
  ChannelFacts,
  OptionFacts,
  TokenFacts,
  UserFacts,
} from '../gateway/facts.ts'
import type { CacheMode, RoutingProfile } from '../gateway/routing.ts'
import type { GatewayVersion } from '../gateway/versions.ts'
import type {
  ConnectionFacts,
  Finding,
  Pair,
  PoolFacts,
  Route,
  Scope,
  VisibilityFacts,
} from './diagnosis.ts'
import type { RuleId, Severity } from './rule-table.ts'

/** Everything that the rules look at: one moment of one database, read once. */
export interface World {
  /** Named in the commands that repair something. */
  readonly environment: string
  readonly dialect: 'sqlite' | 'postgres'
  readonly catalog: Catalog
  readonly version: GatewayVersion | null
  readonly profile: RoutingProfile
  readonly now: Date
  readonly modes: readonly CacheMode[]
  readonly scope: Scope
  /** By id. */
  readonly channels: ReadonlyMap<string, ChannelFacts>
  readonly abilities: AbilityWorld
  /** Those that are asked about: the ones that the scope names, else every enabled one. */
  readonly tokens: readonly TokenFacts[]
  /** By id; owners of those tokens, and users that the scope names. */
  readonly users: ReadonlyMap<string, UserFacts>
  readonly options: OptionFacts
  /** Values longer than their column, NUL bytes, bytes that are not UTF-8. */
  readonly unfit: readonly UnfitValue[]
  readonly sequences: readonly SequenceState[]
  readonly declared: readonly DeclaredChannelFacts[]
  /** Of the seeds and of the scope, each once, in the order in which they are named. */
  readonly models: readonly string[]
  readonly routes: readonly Route[]
  readonly connection: ConnectionFacts | null
  readonly pool: PoolFacts | null
  readonly visibility: VisibilityFacts
  /** What tidegate wrote so lately that a caching gateway may not know it; newest last. */
  readonly recentRuns: readonly RecentRun[]
}

export interface RecentRun {
  readonly id: string
  readonly command: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
}

export interface AbilityWorld {
  /** Every group name that a row has. */
  readonly groups: ReadonlySet<string>
  /** Rows of one pair that the run asks about, enabled or not. */
  of(group: string, model: string): readonly AbilityFacts[]
  /** Channels whose abilities are not what the gateway derives from them, by id. */
  readonly stale: ReadonlyMap<string, StaleAbilities>
  /** Abilities of a channel id that no channel has, by that id. */
  readonly orphans: ReadonlyMap<string, number>
  /** Abilities whose `enabled` is no boolean that the gateway reads, by channel id. */
  readonly misread: ReadonlyMap<string, { readonly rows: number; readonly value: string }>
}

export interface StaleAbilities {
  readonly insert: number
  readonly update: number
  readonly remove: number
  /** Rows that differ in `enabled` alone. */
  readonly enabledOnly: number
}

/** A channel that a seed declares, and what the database has of it. */
export interface DeclaredChannelFacts {
  readonly seed: string
  readonly name: string
  /** Type number as resolved for this gateway. */
  readonly type: string
  /** The number's meaning in this gateway; null when unknown. */
  readonly typeMeaning: string | null
  /** Whether that is another meaning than the seed's. */
  readonly isTypeMisfit: boolean
  /** The variable that overrides the number. */
  readonly typeVariable: string | null
  readonly models: readonly string[]
  readonly groups: readonly string[]
  /** Null when the row does not exist, or cannot be told from others. */
  readonly channelId: string | null
  /** Cells that `seed apply` would write; [] for a row that does not exist. */
  readonly changes: readonly {
    readonly column: string
    readonly before: string | null
    readonly after: string | null
  }[]
  /** Why the row cannot be told; null when it can. */
  readonly identity: { readonly problem: string; readonly candidates: readonly string[] } | null
}

/** What a rule found; the engine completes it. */
export interface Found extends Pick<Finding, 'facts' | 'evidence' | 'repair'> {
  /** The rule's own severity when absent. */
  readonly severity?: Severity
  /** Every mode that was evaluated when absent. */
  readonly modes?: readonly CacheMode[]
  /** Number of evidence rows when absent. */
  readonly rows?: number
  readonly pairs?: readonly Pair[]
  /** Rules whose findings are consequences, where they are about nothing else than this one is. */
  readonly explains?: readonly RuleId[]
}

/** One rule. Null when nothing is wrong. */
export type Rule = (world: World) => Found | null
