import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { repairMigration } from '../../src/migrate/maintain.ts'
import { migrateDown, migrateRedo, migrateUp, migrationStatus } from '../../src/migrate/runner.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { folderMaker, inputFor, ledgerOf, makesTable, type Module, tablesOf } from './harness.ts'

/** Fails half-way while the table `broken` is there. */
const UP = `await run('create table if not exists c (id bigint)')
  if ((await context.catalog()).has('broken')) await run('select * from none')
  await run('create table if not exists d (id bigint)')`
const DOWN = `await run('drop table c'); await run('drop table d')`
const VERIFY = `const tables = await context.catalog()
  return tables.has('c') && tables.has('d')`

forEachDialect((_dialect, create) => {
  const makeFolder = folderMaker()
  let made: TestDatabase
  let folder: string
  before(async () => {
    made = await create()
  })
  beforeEach(async () => {
    for (const table of await tablesOf(made.database, true)) {
      await executeRaw(made.target, `drop table ${table}`)
    }
  })

  const input = () => inputFor(made.database, folder)
  const run = (text: string) => executeRaw(made.target, text)
  const useFolder = async (module: Module) => {
    folder = await makeFolder({
      '0001-a': { transaction: false, up: UP, down: DOWN, ...module },
      '0002-b': makesTable('b'),
    })
  }
  /** Lets the first migration die after its first statement. */
  const die = async (module: Module) => {
    await useFolder(module)
    await run('create table broken (id bigint)')
    const error = await failureOf(migrateUp(input(), {}))
    await run('drop table broken')
    assert.deepEqual(await tablesOf(made.database), ['c'])
    assert.deepEqual(await ledgerOf(made.target), ['0001-a started'])
    return error
  }

  describe('a migration outside a transaction', () => {
    test('runs outside one, and is recorded', async () => {
      await useFolder({
        up: `await run('begin'); await run('create table c (id bigint)'); await run('commit')
          await run('create table d (id bigint)')
          context.notes.set('made', 'c and d')`,
      })
      await migrateUp(input(), {})
      assert.deepEqual(await tablesOf(made.database), ['b', 'c', 'd'])
      assert.deepEqual(await ledgerOf(made.target), ['0001-a applied', '0002-b applied'])
      const [first] = await migrationStatus(input())
      assert.deepEqual([...first!.record!.notes], [['made', 'c and d']])
      await migrateDown(input(), { step: 2 })
      assert.deepEqual(await tablesOf(made.database), [])
      assert.deepEqual(await ledgerOf(made.target), [])
    })

    test('that dies says what is left, and nothing after it runs', async () => {
      const error = await die({})
      assert.match(error.message, /^0001-a: up\(\) failed: /)
      assert.match(error.nextStep ?? '', /what it did before it failed is still there/)
      assert.deepEqual(
        (await migrationStatus(input())).map(({ state }) => state),
        ['failed', 'pending'],
      )
    })
  })

  describe('one that died half-way', () => {
    test('is not run again when verify() finds its effect', async () => {
      await die({ verify: VERIFY })
      await run('create table d (id bigint)')
      // It would fail again if it ran.
      await run('create table broken (id bigint)')
      await migrateUp(input(), { step: 1 })
      assert.deepEqual(await ledgerOf(made.target), ['0001-a applied'])
    })

    test('is run again when verify() does not', async () => {
      await die({ verify: VERIFY })
      const { steps } = await migrateUp(input(), {})
      assert.deepEqual(
        steps.map(({ name }) => name),
        ['0001-a', '0002-b'],
      )
      assert.deepEqual(await tablesOf(made.database), ['b', 'c', 'd'])
      assert.deepEqual(await ledgerOf(made.target), ['0001-a applied', '0002-b applied'])
    })

    test('waits for a person without verify()', async () => {
      await die({})
      const error = await failureOf(migrateUp(input(), {}))
      assert.equal(error.message, '0001-a was started and never finished')
      assert.match(
        error.nextStep ?? '',
        /tidegate migrate repair 0001-a .*--applied or --not-applied/,
      )
      assert.deepEqual(await tablesOf(made.database), ['c'])
      assert.deepEqual(await ledgerOf(made.target), ['0001-a started'])
    })

    test('is not reverted', async () => {
      await die({ verify: VERIFY })
      for (const migrate of [migrateDown, migrateRedo]) {
        const error = await failureOf(migrate(input(), {}))
        assert.match(error.message, /nothing was reverted: 0001-a was started and never finished/)
        assert.match(error.nextStep ?? '', /tidegate migrate repair 0001-a/)
      }
      assert.deepEqual(await tablesOf(made.database), ['c'])
      assert.deepEqual(await ledgerOf(made.target), ['0001-a started'])
    })
  })

  describe('repair of one that died half-way', () => {
    const cases = [
      { name: 'said to be applied', claim: 'applied', action: 'marked-applied' },
      { name: 'said not to be applied', claim: 'not-applied', action: 'record-removed' },
      { name: 'verify() finds it', verify: 'return true', action: 'marked-applied' },
      { name: 'verify() does not', verify: 'return false', action: 'record-removed' },
      {
        name: 'verify() does not, whatever is said',
        verify: 'return false',
        claim: 'applied',
        action: 'record-removed',
      },
    ] as const
    for (const { name, action, ...rest } of cases) {
      const claim = 'claim' in rest ? rest.claim : undefined
      const verify = 'verify' in rest ? rest.verify : undefined
      test(name, async () => {
        await die(verify === undefined ? {} : { verify })
        const result = await repairMigration(input(), { name: '0001-a', reason: 'seen', claim })
        assert.equal(result.action, action)
        assert.equal(result.before.state, 'started')
        const isApplied = action === 'marked-applied'
        assert.deepEqual(await ledgerOf(made.target), isApplied ? ['0001-a applied'] : [])
        if (isApplied) {
          const rows = await queryRaw(made.target, 'select reason from tidegate_ledger')
          assert.deepEqual(rows, [['seen']])
        }
        // Repair itself runs nothing.
        assert.deepEqual(await tablesOf(made.database), ['c'])
        await migrateUp(input(), {})
        assert.deepEqual(await ledgerOf(made.target), ['0001-a applied', '0002-b applied'])
      })
    }

    test('without verify() and without a word is refused', async () => {
      await die({})
      const error = await failureOf(repairMigration(input(), { name: '0001-a', reason: 'x' }))
      assert.equal(error.code, 'ledger')
      assert.match(error.message, /^0001-a has no verify\(\)/)
      assert.match(error.nextStep ?? '', /--applied or --not-applied/)
      assert.deepEqual(await ledgerOf(made.target), ['0001-a started'])
    })
  })
})
