import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import type { SqliteTarget } from '../../src/database/contract.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { openTestReader } from '../support/readers.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'

let file: SqliteFile
before(async () => {
  file = await createSqliteFile()
})
after(() => file.drop())

/** A database with a write-ahead log that nobody has open; without its log when `checkpointed`. */
async function copyWithLog(name: string, checkpointed = false): Promise<SqliteTarget> {
  const folder = join(dirname(file.path), name)
  await mkdir(folder)
  const source = join(folder, 'source.db')
  const path = join(folder, 'copy.db')
  const writer = new Sqlite(source)
  writer.pragma('journal_mode = wal')
  writer.exec('create table t (id integer); insert into t values (1), (2)')
  if (checkpointed) writer.pragma('wal_checkpoint(truncate)')
  await copyFile(source, path)
  if (!checkpointed) await copyFile(`${source}-wal`, `${path}-wal`)
  writer.close()
  return { ...file.target, path, label: path }
}

test('reads what is in the write-ahead log, and leaves the file as it is', async () => {
  const target = await copyWithLog('log')
  const before = await readFile(target.path)
  const reader = await openTestReader(target)
  const [rows] = await reader.read([{ table: 't', columns: [{ name: 'id' }] }])
  assert.equal(rows!.length, 2)
  await reader.close()
  assert.deepEqual(await readFile(target.path), before)
})

test('a file that a program left half written is only taken back where that is wanted', async () => {
  const path = join(dirname(file.path), 'half-written.db')
  const writer = new Sqlite(`${path}.source`)
  writer.pragma('cache_size = 1')
  writer.exec('create table t (id integer, filler text); insert into t values (1, null), (2, null)')
  writer.exec('begin; update t set id = 3')
  const fill = writer.prepare('insert into t values (4, ?)')
  for (let row = 0; row < 50; row += 1) fill.run('x'.repeat(1000))
  for (const tail of ['', '-journal']) await copyFile(`${path}.source${tail}`, path + tail)
  writer.close()
  const target = { ...file.target, path, label: path }
  const before = await readFile(path)
  const refused = await databaseFailureOf(openTestReader(target))
  assert.equal(refused.facts.sqlState, 'SQLITE_READONLY_ROLLBACK')
  assert.match(refused.nextStep ?? '', /migrate up/)
  assert.deepEqual(await readFile(path), before)
  const reader = await openTestReader(target, { repairs: true })
  const [rows] = await reader.read([{ table: 't', columns: [{ name: 'id' }] }])
  assert.deepEqual(
    rows!.map(([id]) => id?.text),
    ['1', '2'],
  )
  await reader.close()
})

test('the handle only queries', async () => {
  const target = await copyWithLog('queries')
  const reader = await openTestReader(target)
  const where = () => sql<boolean>`(select query_only from pragma_query_only) = 1`
  const [rows] = await reader.read([{ table: 't', columns: [{ name: 'id' }], where }])
  assert.equal(rows!.length, 2)
  await reader.close()
})

test('a file that does not exist is not made', async () => {
  const path = join(dirname(file.path), 'absent.db')
  const { code } = await databaseFailureOf(openTestReader({ ...file.target, path, label: path }))
  assert.equal(code, 'connection')
  await assert.rejects(readFile(path), { code: 'ENOENT' })
})

for (const [name, checkpointed, code] of [
  ['a log', false, 'SQLITE_CANTOPEN'],
  ['an empty log', true, 'SQLITE_READONLY_DIRECTORY'],
] as const) {
  test(`${name} in a folder that cannot be written is an error that says so`, async () => {
    const target = await copyWithLog(`unwritable-${checkpointed}`, checkpointed)
    await chmod(dirname(file.path), 0o755)
    await chmod(dirname(target.path), 0o555)
    const { stdout, stderr } = openAsNobody(target)
    await chmod(dirname(target.path), 0o755)
    const answer = JSON.parse(stdout || `"${stderr}"`) as Record<string, unknown>
    assert.equal(answer['code'], 'connection')
    assert.match(String(answer['message']), new RegExp(code))
    assert.match(String(answer['nextStep']), /write the file and its folder/)
  })
}

/** The rights of a folder mean nothing to root. */
function openAsNobody(target: SqliteTarget) {
  const open = new URL('../../src/database/open.ts', import.meta.url).href
  const script = `
    import { openReader } from ${JSON.stringify(open)}
    if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
    const options = { applicationName: 'test', connectTimeoutMs: 1000, statementTimeoutMs: 1000 }
    const outcome = await openReader(${JSON.stringify(target)}, options).catch((error) => error)
    console.log(JSON.stringify({ ...outcome, message: outcome.message }))`
  const parameters = ['--conditions=tidegate:source', '--input-type=module', '-e', script]
  return spawnSync(process.execPath, parameters, { encoding: 'utf8' })
}
