import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { dumpCatalog } from '../support/catalog.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { GATEWAY_FIXTURES } from '../support/fixtures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { inputFor, ledgerOf, SHIPPED_NAMES, tablesOf } from './harness.ts'

const ledgerRows = (target: Target) =>
  queryRaw(target, 'select * from tidegate_ledger order by name')

forEachDialect((_dialect, create) => {
  describe('on a database that a gateway made, migrate up leaves its tables as they were', () => {
    for (const fixture of GATEWAY_FIXTURES) {
      test(fixture, async () => {
        const { database, target } = await create({ fixture })
        const before = await dumpCatalog(target)
        assert.notEqual(before, '')
        const first = await migrateUp(inputFor(database), {})
        assert.deepEqual(
          first.steps.map(({ name, direction }) => `${direction} ${name}`),
          SHIPPED_NAMES.map((name) => `up ${name}`),
        )
        assert.equal(await dumpCatalog(target), before)

        const ledger = await ledgerRows(target)
        const second = await migrateUp(inputFor(database), {})
        assert.deepEqual(second.steps, [])
        assert.deepEqual(
          second.statuses.map(({ state }) => state),
          SHIPPED_NAMES.map(() => 'applied'),
        )
        assert.equal(await dumpCatalog(target), before)
        assert.deepEqual(await ledgerRows(target), ledger)
      })
    }
  })

  describe("refuses what is no gateway's database, and changes nothing", () => {
    const cases = [
      {
        name: 'other tables only',
        tables: ['orders', 'customers'],
        message: /has 2 tables but not the gateway's channels, abilities, options, tokens, users/,
      },
      {
        name: 'a part of a gateway',
        tables: ['channels', 'abilities', 'options', 'tokens'],
        message: /has 4 tables but not the gateway's users/,
      },
      { name: 'one optional table of a gateway', tables: ['models'], message: /has 1 tables? but/ },
    ]
    for (const { name, tables, message } of cases) {
      test(name, async () => {
        const { database, target } = await create()
        for (const table of tables) await executeRaw(target, `create table ${table} (id bigint)`)
        const before = await dumpCatalog(target)
        const error = await failureOf(migrateUp(inputFor(database), {}))
        assert.equal(error.code, 'not-a-gateway')
        assert.match(error.message, message)
        assert.match(error.message, /^0001-gateway-core-tables: /)
        assert.match(error.nextStep ?? '', /check which database/)
        assert.equal(await dumpCatalog(target), before)
        assert.deepEqual(await tablesOf(database, true), tables.toSorted())
        assert.deepEqual(await ledgerOf(target), [])
      })
    }
  })
})
