import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { pruneJournal } from '../../src/apply/prune.ts'
import { newRun, recordRun } from '../../src/apply/run.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { EMPTY_TABLES, migrated } from './harness.ts'

const NOW = new Date('2026-12-31T00:00:00Z')
const DAY_MS = 86_400_000

/** Days ago, oldest first; each run has two entries, of which one may be a migration's. */
const RUNS = [
  { age: 400, source: 'migration:0003-x' },
  { age: 300, source: 'seed:x' },
  { age: 40, source: 'push:local' },
  { age: 20, source: 'push:local' },
  { age: 1, source: 'pull:production' },
]

const CASES = [
  { keepRuns: 100, keepDays: 1_000, kept: [400, 300, 40, 20, 1], runs: 0, entries: 0 },
  { keepRuns: 100, keepDays: 90, kept: [400, 40, 20, 1], runs: 1, entries: 3 },
  { keepRuns: 2, keepDays: 1_000, kept: [400, 20, 1], runs: 2, entries: 5 },
  { keepRuns: 4, keepDays: 30, kept: [400, 20, 1], runs: 2, entries: 5 },
  // The newest stays, however old it is.
  { keepRuns: 1, keepDays: 0, kept: [400, 1], runs: 3, entries: 7 },
]

forEachDialect((_dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await migrated(create, 'oa')
  })
  beforeEach(async () => {
    const { database, target } = made
    await executeRaw(target, EMPTY_TABLES)
    for (const { age, source } of RUNS) {
      const facts = { command: `${age}`, environment: 'test', toolVersion: '0' }
      const run = newRun(facts, new Date(NOW.getTime() - age * DAY_MS))
      await recordRun(database, run)
      for (const [index, from] of [source, 'seed:y'].entries()) {
        await executeRaw(
          target,
          `insert into tidegate_journal
             (run_id, seq, source, table_name, operation, locator, columns)
           values ('${run.id}', ${index + 1}, '${from}', 'options', 'delete', '{}', '[]')`,
        )
      }
    }
  })
  const ages = async () =>
    (await queryRaw(made.target, 'select command from tidegate_runs order by id')).map(([age]) =>
      Number(age),
    )

  describe('runs beyond either limit go, what migrations wrote stays', () => {
    for (const { kept, runs, entries, ...retention } of CASES) {
      test(`${retention.keepRuns} runs, ${retention.keepDays} days`, async () => {
        assert.deepEqual(await pruneJournal(made.database, retention, NOW), { runs, entries })
        assert.deepEqual(await ages(), kept)
        const migration = `select count(*) from tidegate_journal where source like 'migration:%'`
        assert.deepEqual(
          (await queryRaw(made.target, migration)).map(([n]) => Number(n)),
          [1],
        )
        assert.deepEqual(await pruneJournal(made.database, retention, NOW), { runs: 0, entries: 0 })
      })
    }
  })

  test('an empty journal', async () => {
    await executeRaw(made.target, EMPTY_TABLES)
    const retention = { keepRuns: 1, keepDays: 1 }
    assert.deepEqual(await pruneJournal(made.database, retention, NOW), { runs: 0, entries: 0 })
  })
})
