import type { BucketDigest, Catalog, LinkFacts, TableSize, Traffic } from '../database/contract.ts'
import type { GatewayVersion } from '../gateway/versions.ts'
import type { LineStream } from './line.ts'
import type { Cell } from './model.ts'
import type { TableShape } from './shape.ts'

/** The abilities of one channel, counted against what the gateway derives from it. */
export interface StaleChannel {
  /** Name and type; of abilities without a channel, the id that they name. */
  readonly channel: readonly string[]
  readonly isOrphan: boolean
  readonly insert: number
  readonly update: number
  readonly remove: number
}

/** How abilities are compared with their channels. */
export interface AbilityCheck {
  /** Counts the abilities that were read or hashed. */
  readonly progress: { rows: number }
  /** How many buckets to hash first, where sending every row takes longer; else 0. */
  readonly buckets: number
  /** Gets the abilities of each number that stands for a channel, whether one has it or not. */
  readonly onAbilities?: (channelId: string, abilities: readonly AbilityRow[]) => void
}

export interface AbilityRow {
  readonly group: string
  readonly model: string
  /** Of the derived columns that the database has. */
  readonly cells: ReadonlyMap<string, Cell>
}

/** One side of a comparison: a database, or a snapshot file of one. */
export interface Source {
  readonly name: string
  readonly kind: 'database' | 'snapshot'
  readonly dialect: 'sqlite' | 'postgres'
  /** Without password. */
  readonly label: string
  readonly catalog: Catalog
  readonly version: GatewayVersion | null
  readonly takenAt: Date
  /** Which key its fingerprints were made with; null when it only tells set from empty. */
  readonly keyId: string | null
  /** Null when it holds everything; else the only tables that it holds. */
  readonly scope: ReadonlySet<string> | null
  /** Everything that `body` reads is one moment of it. */
  snapshot<T>(body: () => Promise<T>): Promise<T>
  lines(shape: TableShape, buckets?: BucketFilter): LineStream
  /** Channels whose abilities are not what the gateway derives from them. */
  staleAbilities(check: AbilityCheck): AsyncIterable<StaleChannel>
  /** Null where it has to be read to be hashed; see `DatabaseReader.digest`. */
  digest(shape: TableShape, count: number): Promise<ReadonlyMap<number, BucketDigest> | null>
  size(table: string): Promise<TableSize>
  link(): Promise<LinkFacts>
  readonly traffic: Traffic
}

export interface BucketFilter {
  readonly count: number
  readonly wanted: ReadonlySet<number>
}
