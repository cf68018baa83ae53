import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { baseline, repairMigration, verifyMigrations } from '../../src/migrate/maintain.ts'
import { migrateDown, migrateUp } from '../../src/migrate/runner.ts'
import { dumpCatalog } from '../support/catalog.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import {
  folderMaker,
  inputFor,
  ledgerOf,
  makesTable,
  type Module,
  SHIPPED_NAMES,
  tablesOf,
  writeModules,
} from './harness.ts'

const verified = (table: string): Module => ({
  ...makesTable(table),
  verify: `return (await context.catalog()).has('${table}')`,
})

forEachDialect((_dialect, create) => {
  const makeFolder = folderMaker()
  let made: TestDatabase
  let folder: string
  before(async () => {
    made = await create()
  })
  beforeEach(async () => {
    folder = await makeFolder({ '0001-a': verified('a'), '0002-b': makesTable('b') })
    for (const table of await tablesOf(made.database, true)) {
      await executeRaw(made.target, `drop table ${table}`)
    }
  })
  const input = () => inputFor(made.database, folder)
  const ledgerRows = () => queryRaw(made.target, 'select * from tidegate_ledger order by name')

  describe('verify', () => {
    const outcomes = async () =>
      (await verifyMigrations(input())).map(({ name, outcome }) => `${name} ${outcome}`)

    test('of a new database is nothing', async () => {
      assert.deepEqual(await outcomes(), [])
      assert.deepEqual(await tablesOf(made.database, true), [])
    })

    test('says what holds, what is broken and what cannot be known, and writes nothing', async () => {
      await migrateUp(input(), {})
      const before = await ledgerRows()
      assert.deepEqual(await outcomes(), ['0001-a holds', '0002-b unverifiable'])
      await executeRaw(made.target, 'drop table a')
      const [broken] = await verifyMigrations(input())
      assert.equal(broken!.outcome, 'broken')
      assert.match(broken!.message, /its effect is not in the database/)
      assert.deepEqual(await ledgerRows(), before)
    })

    test('tells edited, missing, late and half-done ones', async () => {
      await migrateUp(input(), {})
      await writeModules(folder, { '0001-a': { up: '// edited' }, '0001-z': makesTable('z') })
      await executeRaw(
        made.target,
        `update tidegate_ledger set state = 'started' where name = '0002-b'`,
      )
      const results = await verifyMigrations(input())
      assert.deepEqual(
        results.map(({ name, outcome, message }) => [name, outcome, message]),
        [
          ['0001-a', 'altered', '0001-a was edited after it had been applied to this database'],
          ['0001-z', 'out-of-order', '0001-z sorts before a migration that is already applied'],
          ['0002-b', 'failed', 'started and never finished'],
        ],
      )
      folder = await makeFolder({ '0001-a': verified('a') })
      assert.deepEqual(await outcomes(), ['0001-a holds', '0002-b missing'])
    })

    test('an error in verify() is told without its words', async () => {
      const failing = { ...makesTable('a'), verify: `throw new Error('sk-test-secret')` }
      folder = await makeFolder({ '0001-a': failing })
      await migrateUp(input(), {})
      const error = await failureOf(verifyMigrations(input()))
      assert.match(error.message, /^0001-a: verify\(\) threw Error at line 14$/)
      assert.doesNotMatch(`${error.message}${error.nextStep}`, /sk-test/)
    })
  })

  describe('repair', () => {
    test('accepts an edited file, with the reason', async () => {
      await migrateUp(input(), {})
      await writeModules(folder, { '0001-a': { ...verified('a'), down: '// edited' } })
      const result = await repairMigration(input(), { name: '0001-a', reason: 'a comment' })
      assert.equal(result.action, 'checksum-accepted')
      const [first] = (await migrateUp(input(), {})).statuses
      assert.equal(first!.state, 'applied')
      assert.equal(first!.record!.reason, 'a comment')
      assert.equal(first!.record!.runId, result.before.runId)
      assert.notEqual(first!.record!.checksum, result.before.checksum)
    })

    test('forgets one whose file is gone', async () => {
      await migrateUp(input(), {})
      folder = await makeFolder({ '0001-a': verified('a') })
      const result = await repairMigration(input(), { name: '0002-b', reason: 'squashed' })
      assert.equal(result.action, 'record-removed')
      assert.equal(result.before.name, '0002-b')
      assert.deepEqual(await ledgerOf(made.target), ['0001-a applied'])
      assert.deepEqual(await tablesOf(made.database), ['a', 'b'])
    })

    for (const name of ['0001-a', '0002-b', '0009-none']) {
      test(`has nothing to do about ${name}`, async () => {
        await migrateUp(input(), { step: 1 })
        const before = await ledgerRows()
        const error = await failureOf(repairMigration(input(), { name, reason: 'x' }))
        assert.equal(error.code, 'ledger')
        assert.equal(error.message, 'there is nothing to repair about that migration')
        assert.match(error.nextStep ?? '', /tidegate migrate status/)
        assert.deepEqual(await ledgerRows(), before)
      })
    }
  })

  describe('baseline', () => {
    test('marks what is there, and runs nothing', async () => {
      await executeRaw(made.target, 'create table a (id bigint)')
      const marked = await baseline(input(), { reason: 'made by hand' })
      assert.deepEqual(marked, ['0001-a', '0002-b'])
      assert.deepEqual(await tablesOf(made.database), ['a'])
      assert.deepEqual(await ledgerOf(made.target), ['0001-a applied', '0002-b applied'])
      const { steps, statuses } = await migrateUp(input(), {})
      assert.deepEqual(steps, [])
      assert.deepEqual(
        statuses.map(({ record }) => record!.reason),
        ['made by hand', 'made by hand'],
      )
      assert.deepEqual(await baseline(input(), { reason: 'again' }), [])
    })

    test('up to a name', async () => {
      await executeRaw(made.target, 'create table a (id bigint)')
      assert.deepEqual(await baseline(input(), { to: '0001-a', reason: 'x' }), ['0001-a'])
      assert.deepEqual(await ledgerOf(made.target), ['0001-a applied'])
    })

    test('up to a name that no migration has is refused', async () => {
      await executeRaw(made.target, 'create table a (id bigint)')
      for (const to of ['0001', '0009-typo']) {
        const error = await failureOf(baseline(input(), { to, reason: 'x' }))
        assert.equal(error.code, 'usage')
        assert.deepEqual(await ledgerOf(made.target), [])
      }
    })

    test('refuses one whose effect is not there, before it marks another', async () => {
      folder = await makeFolder({ '0001-b': makesTable('b'), '0002-a': verified('a') })
      const error = await failureOf(baseline(input(), { reason: 'x' }))
      assert.equal(error.code, 'ledger')
      assert.equal(error.message, '0002-a is not in this database; nothing was marked')
      assert.match(error.nextStep ?? '', /tidegate migrate up.*--to/)
      assert.deepEqual(await tablesOf(made.database, true), [])
    })
  })
})

forEachDialect((_dialect, create) => {
  test("a gateway's tables marked by baseline survive down", async () => {
    const { database, target } = await create({ fixture: 'n25' })
    const before = await dumpCatalog(target)
    const input = () => inputFor(database)
    const error = await failureOf(baseline(input(), { reason: 'x' }))
    assert.equal(error.message, '0002-tidegate-tables is not in this database; nothing was marked')
    assert.deepEqual(await baseline(input(), { to: SHIPPED_NAMES[0], reason: 'x' }), [
      SHIPPED_NAMES[0],
    ])
    await migrateUp(input(), {})
    assert.deepEqual(
      (await verifyMigrations(input())).map(({ outcome }) => outcome),
      ['holds', 'holds', 'unverifiable', 'holds'],
    )
    await migrateDown(input(), { to: SHIPPED_NAMES[0] })
    assert.equal(await dumpCatalog(target), before)
  })
})
