import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import type { Plan } from '../../src/apply/plan.ts'
import { newRun } from '../../src/apply/run.ts'
import type { SecretValues } from '../../src/apply/secrets.ts'
import type { DatabaseReader } from '../../src/database/contract.ts'
import { compareSeeds } from '../../src/drift/compare-seeds.ts'
import { sideFacts } from '../../src/drift/compare.ts'
import { seededDatabase } from '../../src/drift/seed-world.ts'
import { Secret } from '../../src/secret.ts'
import type { DeclaredSeed } from '../../src/seed/declare.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { maskSecrets } from '../../src/snapshot/mask.ts'
import { planFromSeeds, type SeedsPlan } from '../../src/sync/from-seeds.ts'
import { loadReferences } from '../../src/sync/secrets.ts'
import { priorStatements, priorStates } from '../seed/prior-states.ts'
import { bltcy, channelRow, createWorld, LOCK, type World } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { openTestReader } from '../support/readers.ts'
import { BLTCY_ROW, CASES, contentOf, INITIAL_KEY, MERGES, OWN_KEY } from './seed-cases.ts'

const RUNS = { sqlite: 8, postgres: 3 } as const

function describeItems({ items }: Plan): string[] {
  return items.map(({ source, operation, table, reason, changes, secrets }) => {
    const cells = changes.flatMap((change) => (change.kind === 'rebuild' ? [] : change.cells))
    const uses = secrets.map(({ reference }) =>
      reference.kind === 'env' ? `env:${reference.name}` : reference.kind,
    )
    const columns = cells
      .map(({ column }) => column)
      .toSorted()
      .join()
    return [source, operation, table, reason, columns, ...uses].filter(Boolean).join(' ')
  })
}

forEachDialect((dialect, create) => {
  let world: World
  let reader: DatabaseReader
  const fingerprinter = new Fingerprinter()
  before(async () => {
    world = await createWorld(create, 'zeo')
    reader = await openTestReader(world.target)
  })
  beforeEach(() => world.reset())

  const make = (seeds: readonly DeclaredSeed[], hasKey: boolean, reEnable = false) =>
    planFromSeeds({
      database: reader,
      seeds,
      fingerprinter: hasKey ? fingerprinter : new Fingerprinter(),
      adoptions: [],
      reEnable,
      keyId: hasKey ? fingerprinter.keyId : null,
      target: { environment: 'test', dialect, label: 'test', id: '0'.repeat(16) },
    })

  const apply = async ({ plan, secrets }: { plan: Plan; secrets: SecretValues }) =>
    applyPlan({
      database: world.database,
      catalog: await world.database.catalog(),
      fingerprinter: plan.keyId === null ? null : fingerprinter,
      plan,
      secrets,
      run: newRun({ command: 'push', environment: 'test', toolVersion: '0.0.0-test' }),
      lock: LOCK,
    })

  const assertSettled = async (seeds: readonly DeclaredSeed[], reEnable = false) => {
    const { plans } = await world.plan(seeds, { reEnable })
    assert.deepEqual(
      plans.map(({ state, isSettled }) => [state, isSettled]),
      seeds.map(() => ['applied', true]),
    )
    const count = () => world.select('tidegate_runs', ['id'])
    const runs = await count()
    await world.apply(seeds, { reEnable })
    assert.deepEqual(await count(), runs, '`seed apply` wrote something')
    const { plan } = await make(seeds, true, reEnable)
    const { items, memory, forgotten, seeds: records } = plan
    assert.deepEqual([items, memory, forgotten, records], [[], [], [], []])
  }

  describe('a plan of seeds', () => {
    for (const { name, rows = [], seeds, items } of CASES) {
      for (const hasKey of [true, false]) {
        it(`${name}; ${hasKey ? 'with fingerprints' : 'with states'}`, async () => {
          for (const row of rows) await world.insert(...row)
          const made = await make(seeds, hasKey)
          assert.deepEqual(describeItems(made.plan), items)
          assertNoSecret(made.plan, hasKey)
          await apply(made)
          await assertSettled(seeds)
        })
      }
    }

    it('needs no more than the variables that it names', async () => {
      const { plan } = await make([...(await bltcy()), ...INITIAL_KEY], false)
      const asked: string[] = []
      const values: Record<string, string> = {
        BLTCY_API_KEY: 'sk-test-other-0001',
        ONE_KEY: 'sk-test-other-0002',
      }
      const loaded = await loadReferences(plan, {
        readSecret: (variable) => {
          asked.push(variable)
          return { secret: new Secret(values[variable]!), warnings: [] }
        },
        readFile: () => assert.fail('no file is named'),
        source: null,
        sourceCatalog: null,
      })
      assert.deepEqual(asked, ['BLTCY_API_KEY', 'ONE_KEY'])
      await apply({ plan, secrets: loaded.values })
      const keys = await world.select('channels', ['name', 'key'])
      assert.deepEqual(keys, [
        ['Bltcy旧网关', 'sk-test-other-0001'],
        ['one', 'sk-test-other-0002'],
      ])
    })

    it('is stale when a row moved, also where only states are known', async () => {
      await world.insert('channels', BLTCY_ROW)
      for (const hasKey of [true, false]) {
        const made = await make(await bltcy(), hasKey)
        await world.execute(`update channels set models = 'pika' where id = 12`)
        const content = await contentOf(world)
        assert.equal((await failureOf(apply(made))).code, 'stale')
        assert.deepEqual(await contentOf(world), content)
        await world.execute(`update channels set models = 'extra,pika' where id = 12`)
      }
    })

    it('gives each row the id of the finding of drift', async () => {
      const seeds = [...(await bltcy()), ...INITIAL_KEY, ...MERGES.slice(0, 1)]
      await world.insert('channels', BLTCY_ROW)
      await world.insert('channels', channelRow({ type: 8, name: 'two' }))
      await world.insert('options', { key: 'ModelPrice', value: '{}' })
      await assertDriftIds(seeds, ['changed', 'missing', 'changed'])
      await world.execute(
        `update channels set models = 'a', "group" = 'g', name = 'one' where type = 8`,
      )
      await assertDriftIds(INITIAL_KEY, ['abilities'])
    })

    const assertDriftIds = async (seeds: readonly DeclaredSeed[], kinds: readonly string[]) => {
      const { plan } = await make(seeds, true)
      const source = await openDatabaseSource('test', reader, fingerprinter)
      const side = await seededDatabase(source, reader, seeds, fingerprinter)
      const { findings } = compareSeeds(sideFacts(source), seeds, side, DRIFT)
      const kindOf = new Map(findings.map(({ id, kind }) => [id, kind]))
      assert.deepEqual(
        plan.items.map(({ id }) => kindOf.get(id)),
        kinds,
      )
    }

    it('refuses two seeds that change one channel', async () => {
      const [own] = OWN_KEY
      const error = await failureOf(make([own!, { ...own!, name: 'other' }], true))
      assert.equal(error.code, 'seed')
      assert.match(error.message, /seed:made-up and seed:other change the same row of channels/)
    })

    it('tells what the seeds warn about', async () => {
      await world.insert('channels', { ...BLTCY_ROW, status: 3 })
      const { warnings } = await make(await bltcy(), true)
      assert.match(warnings.join(), /the gateway itself disabled the channel/)
    })
  })

  it('writes and remembers what `seed apply` does, whatever is there', async () => {
    const seeds = [...(await bltcy()), ...MERGES]
    await fc.assert(
      fc.asyncProperty(priorStates, fc.boolean(), async (state, hasKey) => {
        const prepare = async () => {
          await world.reset()
          await world.execute(priorStatements(dialect, state))
        }
        await prepare()
        await world.apply(seeds, { reEnable: state.reEnable })
        const wanted = await contentOf(world)
        await prepare()
        await apply(await make(seeds, hasKey, state.reEnable))
        assert.deepEqual(await contentOf(world), wanted)
        await assertSettled(seeds, state.reEnable)
      }),
      { numRuns: RUNS[dialect] },
    )
  })
})

const DRIFT = {
  base: null,
  named: [],
  accepted: [],
  environment: 'test',
  failOn: 'error',
  maxFindings: 100,
  mask: maskSecrets(null),
  toolVersion: '0.0.0-test',
  commands: new Set<string>(),
  locate: () => null,
  isEnsured: () => true,
} as const

/** No value; and no fingerprint where nobody else can make it. */
function assertNoSecret(plan: SeedsPlan['plan'], hasKey: boolean): void {
  const text = inspect(plan, { depth: Infinity, showHidden: true })
  assert.doesNotMatch(text, /sk-test-/)
  const shown = plan.items.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.kind === 'rebuild' ? [] : change.cells.filter(({ secret: isSecret }) => isSecret),
    ),
  )
  for (const { after } of shown) assert.match(after!, hasKey ? /^[0-9a-f]{64}$/ : /^set$/)
}
