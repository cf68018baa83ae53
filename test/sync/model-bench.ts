import assert from 'node:assert/strict'
import { join } from 'node:path'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import { assertUsable, readPlanFile, sealPlan, writePlanFile } from '../../src/apply/plan-file.ts'
import { assertShareable } from '../../src/apply/plan-secrets.ts'
import type { Plan } from '../../src/apply/plan.ts'
import { newRun, type Run } from '../../src/apply/run.ts'
import type { SecretReference, SecretValues } from '../../src/apply/secrets.ts'
import { readTargetIdentity } from '../../src/apply/target-identity.ts'
import type { Database, DatabaseReader } from '../../src/database/contract.ts'
import { Secret } from '../../src/secret.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import type { SyncPlan } from '../../src/sync/choice.ts'
import { planSync } from '../../src/sync/plan.ts'
import { readSyncWorld } from '../../src/sync/read-world.ts'
import { loadReferences, withFingerprints } from '../../src/sync/secrets.ts'
import { LOCK } from '../seed/world.ts'
import { NOTHING_CHOSEN } from './harness.ts'
import type { Ask } from './model-plan-item.ts'
import type { RealSide } from './model-side.ts'
import type { SqliteSide } from './model-side-sqlite.ts'
import type { SideName } from './model-state.ts'

export interface Prepared {
  readonly planned: SyncPlan
  readonly plan: Plan
  readonly secrets: SecretValues
}

const KEY = new Secret('made-up-plan-key-0123456789abcdef')

/** Both databases, and tidegate between them. */
export class ModelBench {
  readonly local: SqliteSide
  readonly production: RealSide
  readonly fingerprinter = new Fingerprinter()
  readonly #folder: string
  #startedAt = 0

  constructor(local: SqliteSide, production: RealSide, folder: string) {
    this.local = local
    this.production = production
    this.#folder = folder
  }

  async reset(hasLog: boolean): Promise<void> {
    this.#startedAt = Date.UTC(2026, 0, 1)
    await this.local.reset(hasLog)
    await this.production.reset(hasLog)
  }

  /** Each a second after the one before, so that they sort. */
  newRun(command: string): Run {
    this.#startedAt += 1_000
    const facts = { command, environment: 'test', toolVersion: '0.0.0-test' }
    return newRun(facts, new Date(this.#startedAt))
  }

  /** Reads both sides and plans, with the secrets that the plan needs. */
  async prepare(ask: Ask): Promise<Prepared> {
    return this.#withReaders(ask, async (from, to) => {
      const planned = await this.#plan(ask, from, to, new Map())
      const secrets = await valuesOf(planned.plan, from)
      const plan = withFingerprints(planned.plan, secrets, this.fingerprinter)
      return { planned, plan, secrets }
    })
  }

  /** A plan for a file, in which new channels get keys of the environment. */
  async document(ask: Ask, names: readonly string[]): Promise<Prepared> {
    const references = new Map(
      names.map((name) => [`channels/${name}`, { kind: 'env', name: `KEY_${name}` } as const]),
    )
    const planned = await this.#withReaders(ask, (from, to) =>
      this.#plan(ask, from, to, references),
    )
    assertShareable(planned.plan, (text) => text)
    const createdAt = new Date()
    const expiresAt = new Date(createdAt.getTime() + 60_000)
    const options = { toolVersion: '0.0.0-test', createdAt, expiresAt, key: KEY }
    const path = join(this.#folder, 'plan.json')
    await writePlanFile(path, sealPlan(planned.plan, options))
    const read = await readPlanFile(path, 'plan.json')
    assertUsable(read, { key: KEY, now: createdAt, shown: 'plan.json' })
    assert.deepEqual(read.plan, planned.plan)
    return { planned, plan: read.plan, secrets: await valuesOf(read.plan, null) }
  }

  async apply(database: Database, { plan, secrets }: Prepared, run: Run): Promise<void> {
    const { fingerprinter } = this
    const catalog = await database.catalog()
    await applyPlan({ database, catalog, fingerprinter, plan, secrets, run, lock: LOCK })
  }

  async #plan(
    ask: Ask,
    from: DatabaseReader,
    to: DatabaseReader,
    references: ReadonlyMap<string, SecretReference>,
  ): Promise<SyncPlan> {
    const { command, overwrite } = ask
    const { fingerprinter } = this
    const [left, right] = sidesOf(ask)
    const source = await openDatabaseSource(left, from, fingerprinter)
    const target = await openDatabaseSource(right, to, fingerprinter)
    const world = await readSyncWorld({
      command,
      from: { source, reader: from },
      to: { source: target, reader: to },
      tables: null,
      named: [],
      fingerprinter,
      base: null,
      useMemory: true,
      target: await readTargetIdentity(to, target.catalog, right),
    })
    const choice = { overwrite, delete: ask.delete, maxDeletes: 99, references }
    return planSync(world, { ...NOTHING_CHOSEN, ...choice })
  }

  async #withReaders<T>(
    ask: Ask,
    body: (from: DatabaseReader, to: DatabaseReader) => Promise<T>,
  ): Promise<T> {
    const [left, right] = sidesOf(ask)
    const [from, to] = [await this[left].reader(), await this[right].reader()]
    try {
      return await body(from, to)
    } finally {
      await this[left].readDone(from)
      await this[right].readDone(to)
    }
  }
}

export function sidesOf({ command }: Pick<Ask, 'command'>): [from: SideName, to: SideName] {
  return command === 'push' ? ['local', 'production'] : ['production', 'local']
}

/** What the environment holds for a new channel. */
export const environmentKey = (name: string): string => `sk-test-env-${name}`

async function valuesOf(plan: Plan, source: DatabaseReader | null): Promise<SecretValues> {
  const sourceCatalog = (await source?.catalog()) ?? null
  const readSecret = (variable: string) => {
    return { secret: new Secret(environmentKey(variable.slice('KEY_'.length))), warnings: [] }
  }
  const readFile = () => ({ fault: { source: 'no file', problem: 'is named' } })
  const { values } = await loadReferences(plan, { readSecret, readFile, source, sourceCatalog })
  return values
}
