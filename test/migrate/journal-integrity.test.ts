import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listMigrations } from '../../src/migrate/files.ts'
import { previewMigration } from '../../src/migrate/preview.ts'
import { migrateDown, migrateUp } from '../../src/migrate/runner.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { inputFor, SHIPPED, SHIPPED_NAMES } from './harness.ts'

const COLUMNS = ['after_secrets', 'before_secrets', 'digest', 'restore_point']

forEachDialect((dialect, create) => {
  test('0004 adds columns, and takes them back unless they hold keys', async () => {
    const { database, target } = await create({ fixture: 'n25' })
    const added = async () => {
      const catalog = await database.catalog()
      const names = ['tidegate_runs', 'tidegate_journal'].flatMap((table) => [
        ...catalog.get(table)!.keys(),
      ])
      return names.filter((name) => COLUMNS.includes(name)).toSorted()
    }
    await migrateUp(inputFor(database), {})
    assert.deepEqual(await added(), COLUMNS)
    await executeRaw(
      target,
      `insert into tidegate_journal
         (run_id, seq, source, table_name, operation, locator, columns, after_secrets)
       values ('r', 1, 's', 'channels', 'insert', '{}', '[]', '{}')`,
    )
    const error = await failureOf(migrateDown(inputFor(database), {}))
    assert.match(error.message, /holds encrypted keys; nothing was dropped/)
    assert.deepEqual(await added(), COLUMNS)
    await executeRaw(target, 'update tidegate_journal set after_secrets = null')
    await migrateDown(inputFor(database), {})
    assert.deepEqual(await added(), [])
    assert.equal((await queryRaw(target, 'select 1 from tidegate_journal')).length, 1)
    await migrateUp(inputFor(database), {})
    assert.deepEqual(await added(), COLUMNS)
  })

  test('the preview of 0004 shows every statement', async () => {
    const files = await listMigrations(SHIPPED)
    const file = files.find(({ name }) => name === SHIPPED_NAMES[3])!
    const { branches, statements } = await previewMigration(file, dialect, 'new-api')
    assert.equal(branches, false)
    const alters = statements.filter(({ sql }) => /^alter table .* add column/.test(sql))
    assert.equal(alters.length, COLUMNS.length)
    const revokes = statements.filter(({ sql }) => sql.includes('revoke all on tidegate_journal'))
    assert.equal(revokes.length, dialect === 'postgres' ? 1 : 0)
    assert.equal(statements.length, alters.length + revokes.length)
  })
})
