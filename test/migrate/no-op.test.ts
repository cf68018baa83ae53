import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { openDatabase } from '../../src/database/open.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { countStatements, writingStatements } from '../support/wire.ts'
import { inputFor } from './harness.ts'

const server = await testPostgres()

test('nothing pending costs one statement, which reads', async () => {
  const made = await createTestDatabase(server, { fixture: 'n25' })
  const wire = await countStatements(made.target)
  const database = await openDatabase(wire.target, OPEN_OPTIONS)
  after(async () => {
    await database.close()
    await wire.close()
    await made.drop()
  })
  const connected = wire.statements()
  assert.deepEqual(writingStatements(connected), [])

  await migrateUp(inputFor(database), {})
  const first = wire.statements().slice(connected.length)
  // The wire does hear what is written.
  assert.ok(writingStatements(first).some((text) => text.includes('insert into tidegate_ledger')))
  assert.ok(first.some((text) => text.startsWith('create table "tidegate_runs"')))

  const before = wire.statements().length
  const { steps } = await migrateUp(inputFor(database), {})
  const second = wire.statements().slice(before)
  assert.deepEqual(steps, [])
  assert.equal(second.length, 1, second.join('\n'))
  assert.match(second[0]!, /^\s*select name, checksum.*\s+from tidegate_ledger\s*$/s)
  assert.deepEqual(writingStatements(second), [])
})

test('nothing pending leaves a SQLite file as it is, also while another program writes', async () => {
  const made = await createSqliteFile({ fixture: 'n25' })
  const database = await openDatabase(made.target, OPEN_OPTIONS)
  after(async () => {
    await database.close()
    await made.drop()
  })
  await migrateUp(inputFor(database), {})
  const changes = async () => {
    const { rows } = await sql<{ n: number }>`select total_changes() as n`.execute(database.queries)
    return rows[0]!.n
  }
  const before = await changes()
  const bytes = await readFile(made.path)
  const other = new Sqlite(made.path)
  after(() => other.close())
  other.exec('begin immediate')
  assert.deepEqual((await migrateUp(inputFor(database), {})).steps, [])
  other.exec('rollback')
  assert.equal(await changes(), before)
  assert.ok(bytes.equals(await readFile(made.path)))
})
