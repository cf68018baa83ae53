import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Database, DialectName, Target } from '../../src/database/contract.ts'
import { migrateDown, migrateUp } from '../../src/migrate/runner.ts'
import { dumpCatalog } from '../support/catalog.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { inputFor, ledgerOf, SHIPPED_NAMES, tablesOf } from './harness.ts'

const CORE = '0001-gateway-core-tables'

/** What of a column the gateway depends on, whatever the text of its declaration. */
async function shapeOf(database: Database): Promise<string[]> {
  const columns = [...(await database.catalog()).values()].flatMap((table) => [...table.values()])
  return columns
    .filter(({ table }) => !table.startsWith('tidegate_'))
    .map(({ table, name, family, maxLength, nullable }) => {
      const shape = `${table}.${name} ${family} ${maxLength}`
      // SQLite lets a primary key hold NULL unless it is told otherwise.
      return database.dialect === 'sqlite' ? shape : `${shape} ${nullable ? 'null' : 'not null'}`
    })
    .toSorted()
}

const DETAILS: Readonly<Record<DialectName, (target: Target) => Promise<unknown>>> = {
  sqlite: async (target) => ({
    // The index of an inline UNIQUE has no name of its own.
    indexes: await queryRaw(
      target,
      `select t.name, case i.origin when 'c' then i.name else i.origin end as n, i."unique",
         i.partial, (select group_concat(name) from pragma_index_info(i.name))
       from sqlite_schema as t join pragma_index_list(t.name) as i
       where t.type = 'table' and t.name not like 'tidegate%' order by 1, 2, 5`,
    ),
    columns: (
      await queryRaw(
        target,
        `select t.name, c.name, lower(c.type), c.pk, c.dflt_value
         from sqlite_schema as t join pragma_table_info(t.name) as c
         where t.type = 'table' and t.name not like 'tidegate%' order by 1, 2`,
      )
    ).map((row) =>
      row
        .join(' ')
        .replace('1.000000', '1')
        .replace(/ null$/, ' ')
        .replaceAll('"', "'"),
    ),
  }),
  // Only the order of the columns and the spelling of a number may differ.
  postgres: async (target) => (await dumpCatalog(target)).split('\n').map(normalised).toSorted(),
}

function normalised(line: string): string {
  return line
    .replace(/^(column \| \S+) #\d+/, '$1')
    .replace(/ owned by (\w+)\.\d+$/, ' of $1')
    .replace(' default 1.000000 ', ' default 1 ')
}

forEachDialect((dialect, create) => {
  describe('an empty database gets the tables as the gateway makes them', () => {
    for (const [gateway, fixture] of [
      ['new-api', 'n25'],
      ['bltcy-fork', 'zeo'],
    ] as const) {
      test(`${gateway} as ${fixture}`, async () => {
        const made = await create()
        const theirs = await create({ fixture })
        await migrateUp(inputFor(made.database, undefined, gateway), {})
        assert.deepEqual(await shapeOf(made.database), await shapeOf(theirs.database))
        assert.deepEqual(await DETAILS[dialect](made.target), await DETAILS[dialect](theirs.target))
      })
    }
  })

  describe('down', () => {
    test('drops the tables that it made while they are empty', async () => {
      const { database, target } = await create()
      await migrateUp(inputFor(database), { to: CORE })
      assert.equal((await tablesOf(database)).length, 9)
      await migrateDown(inputFor(database), {})
      assert.deepEqual(await tablesOf(database), [])
      assert.deepEqual(await ledgerOf(target), [])
    })

    const rows = {
      channels: `insert into channels (id, key) values (1, 'sk-test-row')`,
      setups: `insert into setups (id, version, initialized_at) values (1, 'v', 1)`,
    }
    for (const [table, insert] of Object.entries(rows)) {
      test(`is refused while ${table} holds a row`, async () => {
        const { database, target } = await create()
        await migrateUp(inputFor(database), { to: CORE })
        await executeRaw(target, insert)
        const before = await dumpCatalog(target)
        const error = await failureOf(migrateDown(inputFor(database), {}))
        assert.match(error.message, new RegExp(`table ${table} holds rows; nothing was dropped`))
        assert.equal(await dumpCatalog(target), before)
        assert.deepEqual(await ledgerOf(target), [`${CORE} applied`])
      })
    }

    test('leaves adopted tables alone, also when they are empty', async () => {
      const { database, target } = await create({ fixture: 'n25' })
      const before = await dumpCatalog(target)
      await migrateUp(inputFor(database), {})
      await migrateDown(inputFor(database), { step: SHIPPED_NAMES.length })
      assert.equal(await dumpCatalog(target), before)
      assert.deepEqual(await ledgerOf(target), [])
      assert.deepEqual(
        (await tablesOf(database, true)).filter((name) => name.startsWith('tidegate_')),
        ['tidegate_ledger'],
      )
    })
  })
})
