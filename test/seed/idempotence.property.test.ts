import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Database, Target } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import type { DeclaredSeed } from '../../src/seed/declare.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { readRows } from '../../src/snapshot/read.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { countStatements, writingStatements } from '../support/wire.ts'
import { bltcy, migrate, seedOf, type World, worldOf } from './world.ts'
import { type PriorState, priorStatements, priorStates } from './prior-states.ts'

const RUNS = { sqlite: 120, postgres: 20 } as const

async function declaredSeeds(): Promise<DeclaredSeed[]> {
  const prices = { runway: 0.5, pika: 1, 'kling-v2': 2 }
  return [...(await bltcy()), ...seedOf({ options: [{ key: 'ModelPrice', merge: prices }] })]
}

async function prepare(world: World, state: PriorState): Promise<void> {
  await world.reset()
  await world.execute(priorStatements(world.dialect, state))
}

const COLUMNS = {
  channels: [
    'type',
    'key',
    'name',
    'status',
    'models',
    'group',
    'base_url',
    'priority',
    'weight',
    'tag',
    'auto_ban',
    'channel_info',
    'settings',
    'channel_ratio',
  ],
  abilities: ['enabled', 'priority', 'weight', 'tag', 'workflow_price', 'channel_ratio'],
  options: ['value'],
} as const

/** Canonical cells of everything that a seed may write, in an order of their own. */
async function snapshot(database: Database, fingerprinter: Fingerprinter): Promise<string[]> {
  const catalog = await database.catalog()
  const reads = Object.entries(COLUMNS).map(([table, columns]) => ({ table, columns }))
  const tables = await readRows(database, catalog, fingerprinter, reads)
  const rows = tables.flat().map(({ table, locator, cells }) => {
    const sorted = [...cells].toSorted(byName)
    return JSON.stringify([table, Object.entries(locator!).toSorted(byName), sorted])
  })
  return rows.toSorted()
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1

function fileHash(world: World): string {
  assert.ok(world.target.dialect === 'sqlite')
  return createHash('sha256').update(readFileSync(world.target.path)).digest('hex')
}

async function totalChanges({ database }: World): Promise<number> {
  const { rows } = await sql<{ n: number }>`select total_changes() as n`.execute(database.queries)
  return rows[0]!.n
}

/** What SQLite alone may store: booleans as text, as a hand-made row has them. */
function withTextBooleans(state: PriorState, isText: boolean): PriorState {
  if (!isText) return state
  const abilities = state.abilities.map((row) => ({
    ...row,
    enabled: typeof row['enabled'] === 'boolean' ? String(row['enabled']) : null,
  }))
  return { ...state, abilities }
}

describe('applied twice', () => {
  const startPostgres = sharedPostgres()
  const cleanups: (() => Promise<unknown>)[] = []
  let seeds: readonly DeclaredSeed[]
  let sqlite: World
  before(async () => {
    seeds = await declaredSeeds()
    const file = await createSqliteFile({ fixture: 'zeo' })
    cleanups.push(() => file.drop())
    sqlite = await openWorld(file.target, cleanups)
    await migrate(sqlite.database)
  })
  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  })

  it('on SQLite the second run changes no byte of the file', async () => {
    const property = fc.asyncProperty(priorStates, fc.boolean(), async (state, isText) => {
      await prepare(sqlite, withTextBooleans(state, isText))
      const { reEnable } = state
      const start = await totalChanges(sqlite)
      await sqlite.apply(seeds, { reEnable })
      const changes = await totalChanges(sqlite)
      assert.ok(changes > start, 'the first run wrote')
      const hash = fileHash(sqlite)
      const { plans } = await sqlite.apply(seeds, { reEnable })
      assert.ok(plans.every((plan) => plan.isSettled))
      assert.equal(await totalChanges(sqlite), changes)
      assert.equal(fileHash(sqlite), hash)
    })
    await fc.assert(property, { numRuns: RUNS.sqlite, verbose: 1 })
  })

  it('on PostgreSQL the second run sends nothing that writes, and ends as SQLite does', async () => {
    const made = await createTestDatabase(await startPostgres(), { fixture: 'zeo' })
    cleanups.push(() => made.drop())
    const wire = await countStatements(made.target)
    cleanups.push(() => wire.close())
    const postgres = await openWorld(wire.target, cleanups)
    await migrate(postgres.database)
    const fingerprinter = new Fingerprinter()
    const property = fc.asyncProperty(priorStates, async (state) => {
      const { reEnable } = state
      for (const world of [sqlite, postgres]) {
        await prepare(world, state)
        await world.apply(seeds, { reEnable })
      }
      assert.ok(writingStatements(wire.statements()).length > 0, 'the first run wrote')
      const heard = wire.statements().length
      await postgres.apply(seeds, { reEnable })
      const again = wire.statements().slice(heard)
      assert.ok(again.length > 0, 'the second run asked')
      assert.deepEqual(writingStatements(again), [])
      assert.deepEqual(
        await snapshot(postgres.database, fingerprinter),
        await snapshot(sqlite.database, fingerprinter),
      )
    })
    await fc.assert(property, { numRuns: RUNS.postgres, verbose: 1 })
  })
})

async function openWorld(target: Target, cleanups: (() => Promise<unknown>)[]): Promise<World> {
  const database = await openDatabase(target, OPEN_OPTIONS)
  cleanups.push(() => database.close())
  return worldOf(target.dialect, target, database)
}
