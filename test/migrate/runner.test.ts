import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { migrateDown, migrateRedo, migrateUp, migrationStatus } from '../../src/migrate/runner.ts'
import { executeRaw } from '../support/raw.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import {
  folderMaker,
  inputFor,
  ledgerOf,
  makesTable,
  type Module,
  tablesOf,
  type TestInput,
  writeModules,
} from './harness.ts'

const THREE: Readonly<Record<string, Module>> = {
  '0001-a': makesTable('a'),
  '0002-b': makesTable('b'),
  '0003-c': makesTable('c'),
}

forEachDialect((_dialect, create) => {
  const makeFolder = folderMaker()
  let made: TestDatabase
  let folder: string
  before(async () => {
    made = await create()
  })
  beforeEach(async () => {
    folder = await makeFolder(THREE)
    for (const table of await tablesOf(made.database, true)) {
      await executeRaw(made.target, `drop table ${table}`)
    }
  })

  const input = () => inputFor(made.database, folder)
  const state = async () => ({
    tables: await tablesOf(made.database),
    ledger: await ledgerOf(made.target),
  })
  const applied = (...names: string[]) => names.map((name) => `${name} applied`)

  test('all of them, in order, each with its row', async () => {
    const run = input()
    const { steps, statuses } = await migrateUp(run, {})
    assert.deepEqual(steps, run.events)
    assert.deepEqual(
      steps.map(({ name, direction }) => `${direction} ${name}`),
      ['up 0001-a', 'up 0002-b', 'up 0003-c'],
    )
    assert.deepEqual(await state(), {
      tables: ['a', 'b', 'c'],
      ledger: applied('0001-a', '0002-b', '0003-c'),
    })
    for (const { record, file } of statuses) {
      assert.equal(record!.runId, run.run.id)
      assert.equal(record!.checksum, file!.checksum)
      assert.equal(record!.toolVersion, '0.0.0-test')
      assert.equal(record!.reason, null)
      assert.ok(Math.abs(Date.parse(record!.appliedAt) - Date.now()) < 60_000)
      assert.ok(record!.durationMs >= 0)
    }
  })

  test('--to and --step', async () => {
    await migrateUp(input(), { step: 1 })
    assert.deepEqual((await state()).tables, ['a'])
    await migrateUp(input(), { to: '0002-b' })
    assert.deepEqual((await state()).tables, ['a', 'b'])
    const nothing = await migrateUp(input(), { to: '0001-a' })
    assert.deepEqual(nothing.steps, [])
    await migrateUp(input(), { step: 5 })
    assert.deepEqual(await state(), {
      tables: ['a', 'b', 'c'],
      ledger: applied('0001-a', '0002-b', '0003-c'),
    })
  })

  test('down reverts the newest, --step and --to further back', async () => {
    await migrateUp(input(), {})
    const one = await migrateDown(input(), {})
    assert.deepEqual(
      one.steps.map(({ name, direction }) => `${direction} ${name}`),
      ['down 0003-c'],
    )
    assert.deepEqual(await state(), { tables: ['a', 'b'], ledger: applied('0001-a', '0002-b') })
    await migrateUp(input(), {})
    const two = await migrateDown(input(), { to: '0002-b' })
    assert.deepEqual(
      two.steps.map(({ name }) => name),
      ['0003-c', '0002-b'],
    )
    await migrateUp(input(), {})
    await migrateDown(input(), { step: 3 })
    assert.deepEqual(await state(), { tables: [], ledger: [] })
    assert.deepEqual((await migrateDown(input(), {})).steps, [])
  })

  test('redo reverts and applies again', async () => {
    const first = await migrateUp(input(), {})
    await executeRaw(made.target, `insert into c values (1, 'lost')`)
    const { steps, statuses } = await migrateRedo(input(), { step: 2 })
    assert.deepEqual(
      steps.map(({ name, direction }) => `${direction} ${name}`),
      ['down 0003-c', 'down 0002-b', 'up 0002-b', 'up 0003-c'],
    )
    const runs = statuses.map(({ record }) => record!.runId === first.statuses[0]!.record!.runId)
    assert.deepEqual(runs, [true, false, false])
  })

  describe('an unknown --to', () => {
    const cases = {
      up: migrateUp,
      down: migrateDown,
      redo: migrateRedo,
    } as const
    for (const [name, migrate] of Object.entries(cases)) {
      test(`of ${name} runs nothing`, async () => {
        await migrateUp(input(), { to: '0002-b' })
        const before = await state()
        const run = input()
        const error = await failureOf(migrate(run, { to: '0001' }))
        assert.equal(error.code, 'usage')
        assert.match(error.nextStep ?? '', /tidegate migrate status/)
        assert.deepEqual(run.events, [])
        assert.deepEqual(await state(), before)
      })
    }
  })

  test('notes of up are there for down', async () => {
    await writeModules(folder, {
      '0004-d': {
        up: `context.notes.set('made', 'd')
             await run('create table d (id int)')`,
        down: `await run('drop table ' + context.notes.get('made'))`,
      },
    })
    await migrateUp(input(), {})
    assert.ok((await state()).tables.includes('d'))
    await migrateDown(input(), {})
    assert.deepEqual((await state()).tables, ['a', 'b', 'c'])
  })

  test('one without down() is refused before anything is reverted', async () => {
    await writeModules(folder, { '0002-b': { up: `await run('create table b (id int)')` } })
    await migrateUp(input(), {})
    const before = await state()
    for (const migrate of [migrateDown, migrateRedo]) {
      const error = await failureOf(migrate(input(), { step: 3 }))
      assert.equal(error.message, 'nothing was reverted: 0002-b has no down()')
      assert.match(error.nextStep ?? '', /new migration/)
      assert.deepEqual(await state(), before)
    }
  })

  test('a file that cannot be loaded stops the run before anything is applied', async () => {
    await writeModules(folder, { '0003-c': 'export default {' })
    const error = await failureOf(migrateUp(input(), {}))
    assert.match(error.message, /0003-c\.ts cannot be loaded \(SyntaxError\)/)
    assert.deepEqual(await state(), { tables: [], ledger: [] })
  })

  describe('a history that needs a person', () => {
    const cases = {
      'an edited file': {
        change: () => writeModules(folder, { '0001-a': { up: '// edited' } }),
        message: /^nothing was run: 0001-a was edited after it had been applied to this database$/,
        nextStep: /tidegate migrate repair 0001-a/,
        downToo: true,
      },
      'a file that is gone': {
        change: async () => {
          folder = await makeFolder({ '0001-a': THREE['0001-a']!, '0003-c': THREE['0003-c']! })
        },
        message: /^nothing was run: 0002-b was applied to this database, but its file is gone$/,
        nextStep: /restore the file .* tidegate migrate repair 0002-b|repair 0002-b/,
        downToo: true,
      },
      'a file that came late': {
        change: () => writeModules(folder, { '0001-z': makesTable('z') }),
        message: /^nothing was run: 0001-z sorts before a migration that is already applied$/,
        nextStep: /rename 0001-z .*--allow-out-of-order/,
        downToo: false,
      },
    } as const
    for (const [name, { change, message, nextStep, downToo }] of Object.entries(cases)) {
      test(name, async () => {
        await migrateUp(input(), { to: '0002-b' })
        const before = await state()
        await change()
        for (const migrate of downToo ? [migrateUp, migrateDown, migrateRedo] : [migrateUp]) {
          const error = await failureOf(migrate(input(), {}))
          assert.equal(error.code, 'ledger')
          assert.match(error.message, message)
          assert.match(error.nextStep ?? '', nextStep)
          assert.deepEqual(await state(), before)
        }
      })
    }

    test('one that came late runs when that is allowed', async () => {
      await migrateUp(input(), {})
      await writeModules(folder, { '0001-z': makesTable('z') })
      const { steps } = await migrateUp(input(), { allowOutOfOrder: true })
      assert.deepEqual(
        steps.map(({ name }) => name),
        ['0001-z'],
      )
      assert.deepEqual(
        (await migrationStatus(input())).map((status) => status.state),
        ['applied', 'applied', 'applied', 'applied'],
      )
    })
  })

  test('runs at once apply each migration once, and revert it once', async () => {
    const others = await Promise.all([made.open(), made.open()])
    const databases = [made.database, ...others]
    const stepsOf = async (migrate: (run: TestInput) => Promise<unknown>) => {
      const runs = databases.map((database) => inputFor(database, folder))
      await Promise.all(runs.map(migrate))
      return runs.flatMap(({ events }) => events.map(({ name }) => name)).toSorted()
    }
    assert.deepEqual(await stepsOf((run) => migrateUp(run, {})), Object.keys(THREE))
    assert.deepEqual((await state()).tables, ['a', 'b', 'c'])
    const reverted = await stepsOf((run) => migrateDown(run, { to: '0002-b' }))
    assert.deepEqual(reverted, ['0002-b', '0003-c'])
    assert.deepEqual(await state(), { tables: ['a'], ledger: applied('0001-a') })
  })
})
