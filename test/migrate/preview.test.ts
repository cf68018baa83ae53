import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DIALECTS, type DialectName } from '../../src/database/contract.ts'
import { listMigrations } from '../../src/migrate/files.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { previewMigration } from '../../src/migrate/preview.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'
import { folderMaker, inputFor, type Module, SHIPPED, tablesOf } from './harness.ts'

const makeFolder = folderMaker()

async function previewShipped(number: string, dialect: DialectName, gateway = 'new-api' as const) {
  const files = await listMigrations(SHIPPED)
  const file = files.find(({ name }) => name.startsWith(number))!
  return previewMigration(file, dialect, gateway)
}

async function previewModule(module: Module) {
  const [file] = await listMigrations(await makeFolder({ '0001-a': module }))
  return previewMigration(file!, 'postgres', 'new-api')
}

for (const dialect of DIALECTS) {
  describe(`preview for ${dialect}`, () => {
    test('0002 is exactly its SQL', async () => {
      const preview = await previewShipped('0002', dialect)
      assert.equal(preview.branches, false)
      assert.equal(preview.transaction, true)
      assert.deepEqual(
        preview.statements.map(({ sql }) => sql.replaceAll(/\s+/g, ' ')),
        [
          'create table "tidegate_runs" ("id" text not null primary key, "command" text not null, "environment" text not null, "tool_version" text not null, "started_at" text not null)',
          'create table "tidegate_journal" ("run_id" text not null, "seq" bigint not null, "source" text not null, "table_name" text not null, "operation" text not null, "locator" text not null, "columns" text not null, "before_image" text, "after_image" text, "undone_by" text, constraint "tidegate_journal_pkey" primary key ("run_id", "seq"))',
          'create table "tidegate_seeds" ("name" text not null primary key, "checksum" text not null, "run_id" text not null, "applied_at" text not null)',
          'create table "tidegate_base" ("seed" text not null, "row_key" text not null, "table_name" text not null, "row_id" text not null, "cells" text not null, "run_id" text not null, constraint "tidegate_base_pkey" primary key ("seed", "row_key"))',
        ],
      )
    })

    test('0001 branches, and is shown as for an empty database', async () => {
      const preview = await previewShipped('0001', dialect)
      assert.equal(preview.branches, true)
      const id = { sqlite: '"id" integer primary key', postgres: '"id" bigserial primary key' }
      const channels = preview.statements.find(({ sql }) => sql.includes('"channels"'))!
      assert.ok(channels.sql.includes(id[dialect]))
      assert.doesNotMatch(channels.sql, /channel_ratio/)
    })

    test('0003 branches, without a statement', async () => {
      const { branches, statements } = await previewShipped('0003', dialect)
      assert.deepEqual({ branches, statements }, { branches: true, statements: [] })
    })
  })
}

forEachDialect((dialect, create) => {
  test('what 0001 shows for an empty database makes what 0001 makes', async () => {
    const preview = await previewShipped('0001', dialect)
    const replayed = await create()
    await executeRaw(replayed.target, preview.statements.map(({ sql }) => `${sql};`).join('\n'))
    const migrated = await create()
    await migrateUp(inputFor(migrated.database), { step: 1 })
    const names = async ({ database }: typeof replayed) =>
      [...(await database.catalog()).values()]
        .flatMap((columns) => [...columns.values()])
        .filter(({ table }) => !table.startsWith('tidegate_'))
    assert.deepEqual(await names(replayed), await names(migrated))
    assert.equal((await tablesOf(replayed.database)).length, 9)
  })
})

describe('what a preview says of other migrations', () => {
  const cases: Readonly<Record<string, { module: Module; branches: boolean; texts: string[] }>> = {
    writes: {
      module: { up: `await run('create table t (id int)')` },
      branches: false,
      texts: ['create table t (id int)'],
    },
    'a read': {
      module: {
        up: `const { rows } = await run('select 1 as one')
             if (rows.length > 0) await run('drop table t')`,
      },
      branches: true,
      texts: ['select 1 as one'],
    },
    returning: {
      module: { up: `await run('insert into t values (1) returning id')` },
      branches: true,
      texts: ['insert into t values (1) returning id'],
    },
    'the catalog': {
      module: { up: `if ((await context.catalog()).has('t')) await run('drop table t')` },
      branches: true,
      texts: [],
    },
    // It cannot go on without an answer; what comes before is shown.
    'a read whose first row it needs': {
      module: {
        up: `const { rows } = await run('select max(id) as id from t')
             await run('create table t' + rows[0].id + ' (id int)')`,
      },
      branches: true,
      texts: ['select max(id) as id from t'],
    },
  }
  for (const [name, { module, branches, texts }] of Object.entries(cases)) {
    test(name, async () => {
      const preview = await previewModule(module)
      assert.equal(preview.branches, branches)
      assert.deepEqual(
        preview.statements.map(({ sql }) => sql),
        texts,
      )
    })
  }

  test('outside a transaction', async () => {
    assert.equal((await previewModule({ transaction: false })).transaction, false)
  })

  test('one that throws without having read anything is an error', async () => {
    const error = await failureOf(previewModule({ up: `throw new RangeError('sk-test-secret')` }))
    assert.match(error.message, /^0001-a: up\(\) threw RangeError/)
  })
})
