import assert from 'node:assert/strict'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import type { Plan } from '../../src/apply/plan.ts'
import { newRun } from '../../src/apply/run.ts'
import { SecretValues } from '../../src/apply/secrets.ts'
import { readTargetIdentity } from '../../src/apply/target-identity.ts'
import type { Base } from '../../src/drift/base.ts'
import { TidegateError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import type { Source } from '../../src/snapshot/source.ts'
import type { SyncChoice, SyncPlan } from '../../src/sync/choice.ts'
import { planSync } from '../../src/sync/plan.ts'
import { readSyncWorld } from '../../src/sync/read-world.ts'
import type { SyncWorld } from '../../src/sync/world.ts'
import { createWorld, LOCK, type Value, type World } from '../seed/world.ts'
import type { CreateDatabase } from '../support/databases.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { openTestReader } from '../support/readers.ts'

export type Command = 'push' | 'pull'

export interface ReadOptions {
  readonly tables?: readonly string[]
  readonly named?: readonly string[]
  readonly base?: Base
  readonly useMemory?: boolean
  readonly fingerprinter?: Fingerprinter | null
  /** In the place of the left database. */
  readonly snapshot?: Source
}

type Options = ReadOptions & Partial<SyncChoice>

const TABLES = [
  'channels',
  'abilities',
  'options',
  'models',
  'vendors',
  'prefill_groups',
  'users',
  'tokens',
  'tidegate_base',
  'tidegate_journal',
  'tidegate_runs',
]

/** A local SQLite file and a production of either dialect, each with tidegate's own tables. */
export class Pair {
  readonly local: World
  readonly production: World
  readonly fingerprinter = new Fingerprinter()

  constructor(local: World, production: World) {
    this.local = local
    this.production = production
  }

  /** Empties both, and all that tidegate remembers. */
  async reset(): Promise<void> {
    const text = TABLES.map((table) => `delete from ${table};`).join(' ')
    for (const side of [this.local, this.production]) await side.execute(`begin; ${text} commit;`)
  }

  async insertBoth(table: string, cells: Readonly<Record<string, Value>>): Promise<void> {
    await this.local.insert(table, cells)
    await this.production.insert(table, cells)
  }

  async read(command: Command, options: ReadOptions = {}): Promise<SyncWorld> {
    const { fingerprinter = this.fingerprinter, snapshot } = options
    const isPush = command === 'push'
    const from = isPush ? 'local' : 'production'
    const to = isPush ? 'production' : 'local'
    const [left, right] = [await readerOf(this[from]), await readerOf(this[to])]
    const source = snapshot ?? (await openDatabaseSource(from, left, fingerprinter))
    const target = await openDatabaseSource(to, right, fingerprinter)
    return readSyncWorld({
      command,
      from: { source, reader: snapshot === undefined ? left : null },
      to: { source: target, reader: right },
      tables: options.tables ?? null,
      named: options.named ?? [],
      fingerprinter,
      base: options.base ?? null,
      useMemory: options.useMemory ?? true,
      target: await readTargetIdentity(right, target.catalog, to),
    })
  }

  async plan(command: Command, options: Options = {}): Promise<SyncPlan> {
    return planSync(await this.read(command, options), { ...NOTHING_CHOSEN, ...options })
  }

  async apply({ plan }: SyncPlan): Promise<void> {
    const { database } = plan.command === 'push' ? this.production : this.local
    const run = newRun({ command: plan.command, environment: 'test', toolVersion: '0.0.0' })
    await applyPlan({
      database,
      catalog: await database.catalog(),
      fingerprinter: plan.keyId === null ? null : this.fingerprinter,
      plan,
      secrets: secretsFor(plan),
      run,
      lock: LOCK,
    })
  }

  /** Plans and writes it. */
  async run(command: Command, options: Options = {}): Promise<SyncPlan> {
    const planned = await this.plan(command, options)
    await this.apply(planned)
    return planned
  }
}

export const NOTHING_CHOSEN: SyncChoice = {
  select: null,
  picked: null,
  overwrite: false,
  delete: false,
  maxDeletes: 5,
  references: new Map(),
}

const readers = new WeakMap<World, ReturnType<typeof openTestReader>>()

function readerOf(world: World): ReturnType<typeof openTestReader> {
  const reader = readers.get(world) ?? openTestReader(world.target)
  readers.set(world, reader)
  return reader
}

export async function createPair(
  createLocal: CreateDatabase,
  create: CreateDatabase,
  fixture: GatewayFixture = 'zeo',
): Promise<Pair> {
  return new Pair(await createWorld(createLocal, fixture), await createWorld(create, fixture))
}

/** Each secret that a plan writes, made up. */
function secretsFor({ items }: Plan): SecretValues {
  const values = new SecretValues()
  for (const change of items.flatMap(({ changes }) => changes)) {
    if (change.kind !== 'insert' && change.kind !== 'update') continue
    const { table, key, cells } = change
    for (const { column, secret } of cells) {
      if (secret)
        values.set(table, key, column, new Secret(`sk-test-${table}-${key.length}-${key}`))
    }
  }
  return values
}

/** `operation table key: columns (reason)`, one line for each item; only of rows of this name. */
export function outline({ plan }: SyncPlan, name?: string): string[] {
  const items = plan.items.filter(({ key }) => name === undefined || key[0] === name)
  return items.map(({ operation, table, key, reason, changes }) => {
    const columns = changes.flatMap((change) =>
      change.kind === 'update' ? change.cells.map(({ column }) => column) : [],
    )
    const rebuild = changes.some(({ kind }) => kind === 'rebuild') ? ' +abilities' : ''
    const list = columns.length === 0 ? '' : `: ${columns.toSorted().join(' ')}`
    return `${operation} ${table} ${key.join('|')}${list}${rebuild} (${reason})`
  })
}

/** `code table key`, one line for each row that is left. */
export function leftOutline({ left }: SyncPlan, name?: string): string[] {
  const rows = left.filter(({ key }) => name === undefined || key[0] === name)
  return rows.map(({ code, table, key }) => `${code} ${table} ${key.join('|')}`)
}

/** What a call that must fail with code `plan` throws. */
export function planError(attempt: () => unknown): TidegateError {
  try {
    attempt()
  } catch (error) {
    assert.ok(error instanceof TidegateError && error.code === 'plan', String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'it did not fail' })
}

/** A channel with the abilities that follow from it. */
export async function addChannel(
  side: World,
  id: number,
  name: string,
  cells: Readonly<Record<string, Value>> = {},
): Promise<void> {
  const all = { type: 1, key: `sk-test-${id}`, status: 1, models: 'm', group: 'default', ...cells }
  const { status, models } = all
  await side.insert('channels', { id, name, priority: 0, weight: 0, ...all })
  for (const model of new Set(models.split(','))) {
    const ability = { group: 'default', model, channel_id: id, enabled: status === 1 }
    const derived = { priority: 0, weight: 0, ...pick(cells, ['priority', 'weight', 'tag']) }
    await side.insert('abilities', { ...ability, ...derived })
  }
}

function pick(cells: Readonly<Record<string, Value>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(cells).filter(([name]) => names.includes(name)))
}
