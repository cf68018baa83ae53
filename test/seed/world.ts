import { join } from 'node:path'
import { newRun } from '../../src/apply/run.ts'
import type { Database, DialectName, LockOptions, Target } from '../../src/database/contract.ts'
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
import { executeRaw, queryRaw } from '../support/raw.ts'

const ROOT = join(import.meta.dirname, '../..')

export const LOCK: LockOptions = { timeoutMs: 10_000 }

const TABLES = [
  ...['channels', 'abilities', 'options'],
  ...['tidegate_seeds', 'tidegate_base', 'tidegate_journal', 'tidegate_runs'],
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
  return {
    dialect,
    target,
    database,
    reset: () => executeRaw(target, resetText(dialect)),
    execute: (text) => executeRaw(target, text),
    insert: (table, cells) => executeRaw(target, insertText(dialect, table, cells)),
    select: async (table, columns, where = '1 = 1') => {
      const list = columns.map((name) => `cast("${name}" as text)`).join(', ')
      const text = `select ${list} from ${table} where ${where} order by ${columns.map((_, i) => i + 1).join(', ')}`
      return (await queryRaw(target, text)) as (string | null)[][]
    },
    plan: (seeds, options) => planSeeds(inputOf(database, seeds, options)),
    apply: (seeds, options) =>
      applySeeds({ ...inputOf(database, seeds, options), run: newTestRun(), lock: LOCK }),
  }
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

/** A channel as an admin of a new-api would have it; other cells on top. */
export function channelRow(cells: Readonly<Record<string, Value>>): Record<string, Value> {
  return {
    ...{ type: 37, key: 'sk-test-old', status: 1, name: 'other', weight: 0, priority: 0 },
    ...{ base_url: '', models: 'gpt-4o', group: 'default', ...cells },
  }
}

export const ABILITY_COLUMNS = ['group', 'model', 'channel_id', 'enabled', 'priority', 'weight']
