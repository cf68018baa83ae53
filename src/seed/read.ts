import { type RawBuilder, sql } from 'kysely'
import type { Catalog, Database } from '../database/contract.ts'
import { ABILITY_SOURCE_COLUMNS } from '../diff/abilities.ts'
import { TidegateError } from '../errors.ts'
import { missingCoreTables } from '../gateway/versions.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { Row } from '../snapshot/model.ts'
import { readRows, type TableRead } from '../snapshot/read.ts'
import type { DeclaredSeed } from './declare.ts'
import { type BaseRow, toBaseRow } from '../apply/memory.ts'
import { SEED_STATE_TABLES, type SeedRecord, toSeedRecord } from './state.ts'

/** Everything that planning needs to know of the database. */
export interface SeedWorld {
  readonly channels: readonly Row[]
  readonly abilities: readonly Row[]
  readonly options: readonly Row[]
  /** Their values as stored, by key: what is merged into a map must not reorder the rest. */
  readonly optionTexts: ReadonlyMap<string, string | null>
  readonly base: readonly BaseRow[]
  readonly records: readonly SeedRecord[]
}

export interface WorldInput {
  readonly database: Pick<Database, 'read'>
  readonly catalog: Catalog
  readonly fingerprinter: Fingerprinter
  readonly seeds: readonly DeclaredSeed[]
  /** Type numbers that the declared channels have in this gateway. */
  readonly types: readonly string[]
  readonly adoptIds: readonly string[]
  /** Whether tidegate's own tables must be there; without them nothing was ever applied. */
  readonly state: 'required' | 'if-present'
}

const IDENTITY_COLUMNS = ['id', 'type', 'name', 'base_url', ...ABILITY_SOURCE_COLUMNS] as const

/**
 * One query on PostgreSQL, whatever the number of seeds.
 * @throws TidegateError when the gateway's or tidegate's own tables are missing.
 */
export async function readWorld(input: WorldInput): Promise<SeedWorld> {
  const { database, catalog, fingerprinter } = input
  const hasState = assertTables(input)
  const options = optionRead(input)
  const [channels, abilities, optionRows, optionTexts, records = [], base = []] = await readRows(
    database,
    catalog,
    fingerprinter,
    [
      channelRead(input, hasState),
      abilityRead(input, hasState),
      options,
      { ...options, verbatim: true },
      ...(hasState ? stateReads() : []),
    ],
  )
  return {
    records: records.map(toSeedRecord),
    base: base.map(toBaseRow),
    channels: channels!,
    abilities: abilities!,
    options: optionRows!,
    optionTexts: new Map(
      optionTexts!.map(({ cells }) => [cells.get('key') ?? '', cells.get('value') ?? null]),
    ),
  }
}

/** @returns whether tidegate's own tables are there. */
function assertTables({ catalog, state }: WorldInput): boolean {
  const missing = missingCoreTables(catalog)
  if (missing.length > 0) {
    throw new TidegateError(
      'not-a-gateway',
      `the database lacks the gateway's ${missing.join(', ')}`,
      {
        nextStep: 'check which database this is, or make its tables with `tidegate deploy`',
      },
    )
  }
  if (SEED_STATE_TABLES.every((table) => catalog.has(table))) return true
  if (state === 'if-present') return false
  throw new TidegateError('seed', "tidegate's own tables are missing in this database", {
    nextStep: 'run `tidegate migrate up` first, or `tidegate deploy`, which does both',
  })
}

function stateReads(): TableRead[] {
  return [
    { table: 'tidegate_seeds', columns: ['name', 'checksum', 'run_id', 'applied_at'] },
    { table: 'tidegate_base', columns: ['seed', 'row_key', 'table_name', 'row_id', 'cells'] },
  ]
}

function channelRead(input: WorldInput, hasState: boolean): TableRead {
  const declared = input.seeds.flatMap(({ channels }) =>
    channels.flatMap(({ cells }) => [...cells.keys()]),
  )
  return {
    table: 'channels',
    columns: [...IDENTITY_COLUMNS, ...declared],
    where: () => isCandidate(input, hasState),
  }
}

function abilityRead(input: WorldInput, hasState: boolean): TableRead {
  return {
    table: 'abilities',
    columns: ['enabled', 'priority', 'weight', 'tag'],
    where: () => sql<boolean>`${sql.ref('abilities.channel_id')} in (
      select ${sql.ref('channels.id')} from ${sql.table('channels')} where ${isCandidate(input, hasState)}
    )`,
  }
}

function optionRead({ seeds }: WorldInput): TableRead {
  const keys = seeds.flatMap(({ options }) => options.map(({ key }) => key))
  return {
    table: 'options',
    columns: ['value'],
    where: () => isOneOf('options.key', keys),
  }
}

/** Every channel that one of the declared ones could be. */
function isCandidate(
  { seeds, types, adoptIds }: WorldInput,
  hasState: boolean,
): RawBuilder<boolean> {
  const channels = seeds.flatMap((seed) => seed.channels)
  const urls = channels.flatMap(({ cells }) => {
    const url = cells.get('base_url')
    return url !== undefined && 'value' in url && url.value ? urlSpellings(url.value) : []
  })
  const recorded = sql<boolean>`${sql.ref('channels.id')} in (
    select cast(row_id as bigint) from tidegate_base where table_name = 'channels'
  )`
  return sql<boolean>`(
    ${isOneOf('channels.type', types)}
    or ${isOneOf(
      'channels.name',
      channels.map(({ name }) => name),
    )}
    or ${isOneOf('channels.base_url', urls)}
    or ${isOneOf('channels.id', adoptIds)}
    or ${hasState ? recorded : sql`(1 = 0)`}
  )`
}

function urlSpellings(url: string): string[] {
  const bare = url.replace(/\/$/, '')
  return [bare, `${bare}/`]
}

function isOneOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  if (values.length === 0) return sql<boolean>`(1 = 0)`
  return sql<boolean>`${sql.ref(column)} in (${sql.join([...new Set(values)])})`
}
