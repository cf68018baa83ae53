import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type pg from 'pg'
import { newRun } from '../../src/apply/run.ts'
import type {
  Database,
  DialectName,
  LockOptions,
  PostgresTarget,
  SqliteTarget,
  Target,
} from '../../src/database/contract.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { applySeeds, type SeedApplyResult } from '../../src/seed/apply.ts'
import { type DeclaredSeed, declareSeeds } from '../../src/seed/declare.ts'
import type { Seed, SeedRows } from '../../src/seed/define.ts'
import { loadSeeds } from '../../src/seed/files.ts'
import type { Adoption, SeedPlans } from '../../src/seed/plan.ts'
import { planSeeds } from '../../src/seed/plan.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { SEED_ENV } from '../support/cli.ts'
import type { CreateDatabase } from '../support/databases.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { connectPostgres } from '../support/raw.ts'

const ROOT = join(import.meta.dirname, '../..')

export const LOCK: LockOptions = { timeoutMs: 10_000 }

const TABLES = [
  'channels',
  'abilities',
  'options',
  'tidegate_seeds',
  'tidegate_base',
  'tidegate_journal',
  'tidegate_runs',
]

export type Value = string | number | boolean | null | Buffer

export interface SeedOptions {
  readonly adoptions?: readonly Adoption[]
  readonly reEnable?: boolean
}

/** A gateway's database with tidegate's tables, and what a test does to its rows. */
export interface World {
  readonly dialect: DialectName
  readonly target: Target
  readonly database: Database
  reset(): Promise<void>
  insert(table: string, cells: Readonly<Record<string, Value>>): Promise<void>
  /** Columns of every row as text, NULL as null, in the order of the first columns. */
  select(table: string, columns: readonly string[], where?: string): Promise<(string | null)[][]>
  execute(text: string): Promise<void>
  plan(seeds: readonly DeclaredSeed[], options?: SeedOptions): Promise<SeedPlans>
  apply(seeds: readonly DeclaredSeed[], options?: SeedOptions): Promise<SeedApplyResult>
}

export async function createWorld(create: CreateDatabase, fixture: GatewayFixture): Promise<World> {
  const { dialect, target, database } = await create({ fixture })
  await migrate(database)
  return worldOf(dialect, target, database)
}

export async function migrate(database: Database): Promise<void> {
  await migrateUp(
    {
      database,
      folder: join(ROOT, 'migrations'),
      gateway: 'new-api',
      run: newTestRun(),
      lock: LOCK,
    },
    {},
  )
}

export function worldOf(dialect: DialectName, target: Target, database: Database): World {
  const raw = rawConnection(target)
  return {
    dialect,
    target,
    database,
    reset: () => raw.execute(resetText(dialect)),
    execute: (text) => raw.execute(text),
    insert: (table, cells) => raw.execute(insertText(dialect, table, cells)),
    select: (table, columns, where = '1 = 1') => raw.query(selectText(table, columns, where)),
    plan: (seeds, options) => planSeeds(inputOf(database, seeds, options)),
    apply: (seeds, options) =>
      applySeeds({ ...inputOf(database, seeds, options), run: newTestRun(), lock: LOCK }),
  }
}

type TextRows = (string | null)[][]

/** One connection for all that a test does: a new one each time would take most of its time. */
function rawConnection(target: Target) {
  return target.dialect === 'sqlite' ? rawSqlite(target) : rawPostgres(target)
}

function rawSqlite({ path }: SqliteTarget) {
  const handle = new Sqlite(path)
  handle.pragma('foreign_keys = off')
  handle.pragma('synchronous = off')
  return {
    execute: async (text: string) => void handle.exec(text),
    query: async (text: string) => handle.prepare(text).raw().all() as TextRows,
  }
}

/** It ends with its database, which is dropped by force. */
function rawPostgres(target: PostgresTarget) {
  let client: Promise<pg.Client> | undefined
  const connected = () =>
    (client ??= connectPostgres(target).then((one) => {
      ;(one as pg.Client & { unref(): void }).unref()
      return one
    }))
  return {
    execute: async (text: string) => void (await (await connected()).query(text)),
    query: async (text: string) => {
      const { rows } = await (await connected()).query({ text, rowMode: 'array' })
      return rows as TextRows
    },
  }
}

function selectText(table: string, columns: readonly string[], where: string): string {
  const list = columns.map((name) => `cast("${name}" as text)`).join(', ')
  const order = columns.map((_, index) => index + 1).join(', ')
  return `select ${list} from ${table} where ${where} order by ${order}`
}

function resetText(dialect: DialectName): string {
  const deletes = TABLES.map((table) => `delete from ${table};`)
  const restart = dialect === 'postgres' ? 'alter sequence channels_id_seq restart;' : ''
  return `begin; ${deletes.join(' ')} ${restart} commit;`
}

function inputOf(database: Database, seeds: readonly DeclaredSeed[], options: SeedOptions = {}) {
  const { adoptions = [], reEnable = false } = options
  return { database, seeds, fingerprinter: new Fingerprinter(), adoptions, reEnable }
}

function newTestRun() {
  return newRun({ command: 'test', environment: 'test', toolVersion: '0.0.0' })
}

export function insertText(
  dialect: DialectName,
  table: string,
  cells: Readonly<Record<string, Value>>,
): string {
  const names = Object.keys(cells).map((name) => `"${name}"`)
  const values = Object.values(cells).map((value) => literal(dialect, value))
  return `insert into ${table} (${names.join(', ')}) values (${values.join(', ')});`
}

function literal(dialect: DialectName, value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean')
    return dialect === 'sqlite' ? String(Number(value)) : String(value)
  if (typeof value !== 'string') return `x'${value.toString('hex')}'`
  return `'${value.replaceAll("'", "''")}'`
}

export type SeedEnv = Readonly<Record<string, string | undefined>>

/** The shipped seed with these variables. */
export async function bltcy(env: SeedEnv = {}): Promise<DeclaredSeed[]> {
  const files = await loadSeeds(join(ROOT, 'seeds'), 'local')
  return declareSeeds(files, { ...SEED_ENV, ...env }, ROOT)
}

/** A seed of a test's own, without inputs. */
export function seedOf(rows: SeedRows, name = 'made-up'): DeclaredSeed[] {
  const seed: Seed = { description: 'made up', inputs: {}, rows: () => rows }
  return declareSeeds([{ name, path: `${name}.ts`, seed }], {}, ROOT)
}

const ORDINARY_CHANNEL = {
  type: 37,
  key: 'sk-test-old',
  status: 1,
  name: 'other',
  weight: 0,
  priority: 0,
  base_url: '',
  models: 'gpt-4o',
  group: 'default',
}

/** A channel as an admin of a new-api would have it; other cells on top. */
export function channelRow(cells: Readonly<Record<string, Value>>): Record<string, Value> {
  return { ...ORDINARY_CHANNEL, ...cells }
}

export const ABILITY_COLUMNS = ['group', 'model', 'channel_id', 'enabled', 'priority', 'weight']
